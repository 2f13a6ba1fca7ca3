package dev.skep.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lab's registry, as this machine sees it. Layers go there uncompressed: {@code docker push}
 * would compress them, and each node would have to undo that, all on this one machine.
 */
final class Registry {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration UPLOAD = Duration.ofMinutes(5);

  private final Docker docker;
  private final LabSpec spec;
  private final Progress progress;
  private final String address;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Where each blob went that was sent: another repository takes it from there. */
  private final Map<String, String> sent = new HashMap<>();

  /**
   * Waits until it answers.
   *
   * @param docker the outer Engine
   * @param spec whose registry
   */
  Registry(Docker docker, LabSpec spec, Progress progress) {
    String container = spec.container(Containers.REGISTRY);
    this.docker = docker;
    this.spec = spec;
    this.progress = progress;
    address = "http://" + docker.lines("port", container, "5000/tcp").getFirst();
    Await.until(
        START,
        this::answers,
        () -> "The registry does not answer at " + address + ". See: docker logs " + container);
  }

  /** Sends what it does not have yet. An image that is not here is named and left out. */
  void push(List<String> images) {
    long start = System.nanoTime();
    List<String> absent = new ArrayList<>();
    Map<String, ImageName> missing = new LinkedHashMap<>();
    for (String image : images) {
      Result local = docker.run("image", "inspect", "--format", "{{.Id}}", image);
      if (!local.ok()) {
        absent.add(image);
      } else if (!has(ImageName.parse(image), local.text())) {
        missing.put(image, ImageName.parse(image));
      }
    }
    if (!missing.isEmpty()) {
      send(missing);
      progress.say(
          "Pushed "
              + missing.size()
              + " images in "
              + Duration.ofNanos(System.nanoTime() - start).toSeconds()
              + " s");
    }
    if (!absent.isEmpty()) {
      progress.say("Not here, so not pushed: " + String.join(", ", absent));
    }
  }

  private void send(Map<String, ImageName> images) {
    try {
      Path directory = Files.createTempDirectory(spec.directory(), "push");
      try {
        docker.save(images.keySet(), directory);
        for (ImageArchive.Image image : ImageArchive.read(directory)) {
          for (String tag : image.tags()) {
            send(image, ImageName.parse(tag));
          }
        }
      } finally {
        Host.remove(directory);
      }
    } catch (IOException e) {
      throw new LabException("Pushing to the lab failed: " + e.getMessage(), e);
    }
  }

  private void send(ImageArchive.Image image, ImageName name) throws IOException {
    for (ImageArchive.Blob layer : image.layers()) {
      send(layer, name.repository());
    }
    send(image.config(), name.repository());
    expect(
        201,
        request("/v2/" + name.repository() + "/manifests/" + name.tag())
            .header("Content-Type", ImageArchive.MANIFEST)
            .PUT(BodyPublishers.ofString(image.manifest())));
  }

  private void send(ImageArchive.Blob blob, String repository) throws IOException {
    String path = "/v2/" + repository + "/blobs/";
    if (call(request(path + blob.digest()).HEAD()).statusCode() == 200) {
      return;
    }
    String from = sent.getOrDefault(blob.digest(), "");
    String mount = from.isEmpty() ? "" : "?mount=" + blob.digest() + "&from=" + from;
    HttpResponse<String> begun =
        call(request(path + "uploads/" + mount).POST(BodyPublishers.noBody()));
    if (begun.statusCode() == 202) {
      URI upload =
          URI.create(address).resolve(begun.headers().firstValue("Location").orElseThrow());
      String separator = upload.getQuery() == null ? "?" : "&";
      expect(
          201,
          HttpRequest.newBuilder(URI.create(upload + separator + "digest=" + blob.digest()))
              .timeout(UPLOAD)
              .header("Content-Type", "application/octet-stream")
              .PUT(body(blob.file())));
    } else if (begun.statusCode() != 201) {
      throw new IOException("the registry answered " + begun.statusCode() + ": " + begun.body());
    }
    sent.put(blob.digest(), repository);
  }

  private static HttpRequest.BodyPublisher body(Path file) throws FileNotFoundException {
    return BodyPublishers.ofFile(file);
  }

  /** Image ids are the digest of the configuration, or of the manifest with the newer store. */
  private boolean has(ImageName name, String id) {
    try {
      HttpResponse<String> manifest =
          call(
              request("/v2/" + name.repository() + "/manifests/" + name.tag())
                  .header("Accept", ImageArchive.MANIFEST));
      return manifest.statusCode() == 200
          && JSON.readTree(manifest.body()).path("config").path("digest").asText().equals(id);
    } catch (IOException e) {
      throw new LabException("The lab's registry does not answer: " + e.getMessage(), e);
    }
  }

  private boolean answers() {
    try {
      return call(request("/v2/")).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path)).timeout(Duration.ofSeconds(30));
  }

  private void expect(int status, HttpRequest.Builder request) throws IOException {
    HttpResponse<String> response = call(request);
    if (response.statusCode() != status) {
      throw new IOException(
          "the registry answered " + response.statusCode() + ": " + response.body());
    }
  }

  private HttpResponse<String> call(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }
}
