package dev.skep.benchmarks;

import dev.skep.cli.ApiClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Debian's registry on 127.0.0.1, in a container of this machine's Engine, which takes that address
 * without TLS; and who pushes to it.
 */
final class PushedRegistry {
  /** Holds the program {@code docker-registry}. */
  static final String IMAGE = "skep-lab/registry";

  /** On the container and on everything that is pushed. */
  private static final String LABEL = "dev.skep.benchmark=push-latency";

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final TimedProcess processes;
  private final URI engine;
  private final Path context;
  private final String image;

  private PushedRegistry(TimedProcess processes, URI engine, Path context, int port) {
    this.processes = processes;
    this.engine = engine;
    this.context = context;
    this.image = "127.0.0.1:" + port + "/bench-push:stable";
  }

  /** Whether the Engine has the program's image. */
  static boolean possible(URI engine) throws IOException {
    return !Docker.run("-H", engine.toString(), "images", "--quiet", IMAGE).isEmpty();
  }

  /**
   * Starts one; blocks until it answers.
   *
   * @param dir an existing directory, for its configuration and what is built
   * @param hook whom it tells of pushes
   * @param secret what it shows then
   */
  static PushedRegistry start(TimedProcess processes, URI engine, Path dir, URI hook, String secret)
      throws IOException, InterruptedException {
    int port = freePort();
    Path config = dir.resolve("registry.yml");
    Files.writeString(config, PushFiles.registry(port, hook, secret));
    // Another user reads it in the container.
    Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r--r--"));
    Path context = Files.createDirectories(dir.resolve("image"));
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM scratch\nLABEL %s\nCOPY content /content\n".formatted(LABEL));
    Docker.run(
        "-H",
        engine.toString(),
        "run",
        "--detach",
        "--label",
        LABEL,
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
    try (ApiClient http = new ApiClient(port, "")) {
      String missing =
          "an answer of the registry at 127.0.0.1:%d, in a container of %s: is that this machine's Engine?"
              .formatted(port, engine);
      Await.until(START_LIMIT, () -> answers(http) ? "" : missing);
    }
    return new PushedRegistry(processes, engine, context, port);
  }

  private static boolean answers(ApiClient registry) throws InterruptedException {
    try {
      return registry.get("/v2/").ok();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** What is pushed: always the same tag. */
  String image() {
    return image;
  }

  /** Makes an image with another content than before, to be pushed by {@link #push}. */
  void build(String content) throws IOException, InterruptedException {
    Files.writeString(context.resolve("content"), content);
    docker("build", "--quiet", "--tag", image, context.toString());
  }

  /**
   * Pushes it.
   *
   * @return when the command ended
   */
  Instant push() throws IOException, InterruptedException {
    Instant begun = Instant.now();
    double millis = docker("push", "--quiet", image);
    return begun.plusNanos(Math.round(millis * 1e6));
  }

  private double docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker", "-H", engine.toString()));
    command.addAll(List.of(arguments));
    return processes.run(command);
  }

  /** Removes the container and all that was built, of this run and of any before. */
  static void removeAll(URI engine) throws IOException {
    String host = engine.toString();
    String filter = "label=" + LABEL;
    remove(
        host,
        Docker.run("-H", host, "ps", "--all", "--quiet", "--filter", filter),
        List.of("rm", "--force", "--volumes"));
    remove(
        host,
        Docker.run("-H", host, "images", "--quiet", "--no-trunc", "--filter", filter),
        List.of("rmi", "--force"));
  }

  private static void remove(String host, String ids, List<String> how) throws IOException {
    if (!ids.isEmpty()) {
      List<String> arguments = new ArrayList<>(List.of("-H", host));
      arguments.addAll(how);
      arguments.addAll(ids.lines().distinct().toList());
      Docker.run(arguments);
    }
  }
}
