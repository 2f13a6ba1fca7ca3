package dev.skep.lab;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lab's registry, as this machine sees it. */
final class Registry {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration PUSH = Duration.ofMinutes(10);
  private static final Pattern CONFIG =
      Pattern.compile("\"config\"\\s*:\\s*\\{[^}]*\"digest\"\\s*:\\s*\"(sha256:[0-9a-f]{64})\"");

  private final Docker docker;
  private final Progress progress;
  private final String address;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * Waits until it answers.
   *
   * @param docker the outer Engine
   * @param container the registry's
   */
  Registry(Docker docker, String container, Progress progress) {
    this.docker = docker;
    this.progress = progress;
    address = docker.lines("port", container, "5000/tcp").getFirst();
    Await.until(
        START,
        () -> get("/v2/") != null,
        () -> "The registry does not answer at " + address + ". See: docker logs " + container);
  }

  /** Pushes what it does not have yet. An image that is not here is named and left out. */
  void push(List<String> images) {
    long start = System.nanoTime();
    List<String> absent = new ArrayList<>();
    List<String> pushed = new ArrayList<>();
    for (String image : images) {
      Result local = docker.run("image", "inspect", "--format", "{{.Id}}", image);
      if (!local.ok()) {
        absent.add(image);
      } else if (!has(ImageName.parse(image), local.text())) {
        push(image);
        pushed.add(image);
      }
    }
    if (!pushed.isEmpty()) {
      progress.say(
          "Pushed "
              + pushed.size()
              + " images in "
              + Duration.ofNanos(System.nanoTime() - start).toSeconds()
              + " s");
    }
    if (!absent.isEmpty()) {
      progress.say("Not here, so not pushed: " + String.join(", ", absent));
    }
  }

  private void push(String image) {
    String remote = address + "/" + ImageName.parse(image);
    docker.text("tag", image, remote);
    try {
      Result result = docker.run(PUSH, List.of("push", "--quiet", remote));
      if (!result.ok()) {
        throw new LabException("Pushing " + image + " to the lab failed: " + result.reason());
      }
    } finally {
      docker.run("rmi", "--no-prune", remote);
    }
  }

  /** Image ids are the digest of the configuration, or of the manifest with the newer store. */
  private boolean has(ImageName name, String id) {
    HttpResponse<String> manifest = get("/v2/" + name.repository() + "/manifests/" + name.tag());
    if (manifest == null || manifest.statusCode() != 200) {
      return false;
    }
    Matcher config = CONFIG.matcher(manifest.body());
    return (config.find() && config.group(1).equals(id))
        || manifest.headers().firstValue("Docker-Content-Digest").orElse("").equals(id);
  }

  private HttpResponse<String> get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + path))
            .timeout(Duration.ofSeconds(10))
            .header(
                "Accept",
                "application/vnd.docker.distribution.manifest.v2+json,"
                    + "application/vnd.docker.distribution.manifest.list.v2+json,"
                    + "application/vnd.oci.image.manifest.v1+json,"
                    + "application/vnd.oci.image.index.v1+json")
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }
}
