package dev.skep.deployer.image;

import dev.skep.testing.Ports;
import dev.skep.testing.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A real registry on 127.0.0.1, in a container of the local Engine, which tells of pushes. The
 * Engine takes it without TLS, as all of that address.
 */
public final class LocalRegistry implements AutoCloseable {
  /** Holds Debian's docker-registry. */
  public static final String IMAGE = "skep-lab/registry";

  private static final String BASE = "haproxy:3.4";

  private final int port = Ports.free();
  private final String container = "skep-test-registry-" + port;
  private final List<String> pushed = new ArrayList<>();
  private final Path dir;

  /**
   * Starts it.
   *
   * @param dir for its configuration
   * @param endpoint whom it tells of pushes
   */
  public LocalRegistry(Path dir, URI endpoint, String secret) {
    this.dir = dir;
    try {
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path config =
          Files.writeString(
              dir.resolve("config.yml"),
              """
              version: 0.1
              log: {level: warn, accesslog: {disabled: true}}
              storage: {filesystem: {rootdirectory: /var/lib/docker-registry}}
              http: {addr: "127.0.0.1:%d"}
              notifications:
                endpoints:
                  - name: skep
                    url: %s
                    headers: {Authorization: [Bearer %s]}
                    timeout: 2s
                    threshold: 3
                    backoff: 500ms
              """
                  .formatted(port, endpoint, secret));
      Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r--r--"));
      docker(
          "run",
          "--detach",
          "--name",
          container,
          "--network",
          "host",
          "--env",
          "OTEL_TRACES_EXPORTER=none",
          "--volume",
          config + ":/config.yml:ro",
          "--entrypoint",
          "docker-registry",
          IMAGE,
          "serve",
          "/config.yml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest ping = HttpRequest.newBuilder(URI.create("http://" + host() + "/v2/")).build();
      Awaitility.await("registry")
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> http.send(ping, BodyHandlers.discarding()).statusCode() == 200);
    }
  }

  /** As images name it. */
  public String host() {
    return "127.0.0.1:" + port;
  }

  /**
   * Pushes an image that differs from every other.
   *
   * @param tag repository and tag, without the host
   * @param entrypoint what it runs, as JSON
   * @return the full name with its digest
   */
  public String push(String tag, String entrypoint) {
    String image = host() + "/" + tag;
    try {
      Path context = Files.createTempDirectory(dir, "image");
      Files.writeString(
          context.resolve("Dockerfile"),
          "FROM %s\nLABEL made=%d\nENTRYPOINT %s\nHEALTHCHECK NONE\n"
              .formatted(BASE, System.nanoTime(), entrypoint));
      docker("build", "--quiet", "--tag", image, context.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pushed.add(image);
    String said = docker("push", image);
    String digest = said.replaceAll("(?s).*digest: (sha256:[0-9a-f]{64}).*", "$1").strip();
    return image + "@" + digest;
  }

  private static String docker(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    try {
      return Shell.ok(command.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    docker("rm", "--force", "--volumes", container);
    for (String image : pushed.stream().distinct().toList()) {
      String repository = image.substring(0, image.lastIndexOf(':'));
      String ids = docker("images", "--quiet", "--no-trunc", "--filter", "reference=" + repository);
      for (String id : ids.lines().distinct().toList()) {
        docker("rmi", "--force", id);
      }
    }
  }
}
