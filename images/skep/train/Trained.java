package dev.skep.images.train;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One image's program in a process of its own, which records what it loads. */
final class Trained {
  private static final String JAVA = "/opt/skep/jre/bin/java";

  /** Recording keeps more of every class than running does. */
  private static final List<String> ROOM = List.of("-XX:MaxMetaspaceSize=256m", "-Xmx256m");

  private final String name;
  private final Path home;
  private final Path recorded;
  private final Path log;
  private final Map<String, String> environment = new HashMap<>();
  private Process process;

  /**
   * Not started yet.
   *
   * @param home holds what the image gets under /opt/skep
   * @param work for the log and what is recorded
   */
  Trained(String name, Path home, Path work) {
    this.name = name;
    this.home = home;
    this.recorded = work.resolve(name + ".aotconf");
    this.log = work.resolve(name + ".log");
  }

  String name() {
    return name;
  }

  int port() throws IOException {
    return Integer.parseInt(Files.readString(home.resolve("port")).strip());
  }

  Trained environment(Map<String, String> more) {
    environment.putAll(more);
    return this;
  }

  void start() throws IOException {
    process = java(List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + recorded), List.of());
  }

  /** Runs a program that ends by itself. */
  void runOnce(String... arguments) throws Exception {
    process =
        java(List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + recorded), List.of(arguments));
    finish(0);
  }

  void awaitReady(Duration limit) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!ready(http)) {
        mustLive();
        if (System.nanoTime() > end) {
          throw new IllegalStateException(name + " is not ready:\n" + log());
        }
        Thread.sleep(50);
      }
    }
  }

  private boolean ready(HttpClient http) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port() + "/health/ready");
    try {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  void mustLive() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " ended:\n" + log());
    }
  }

  /** SIGTERM; what was recorded is written by the end of the process. */
  void end() throws Exception {
    process.destroy();
    finish(143);
  }

  Void writeCache() throws Exception {
    long begun = System.nanoTime();
    Path cache = home.resolve("app.aot");
    process =
        java(
            List.of(
                "-XX:AOTMode=create", "-XX:AOTConfiguration=" + recorded, "-XX:AOTCache=" + cache),
            List.of());
    finish(0);
    System.out.printf(
        "training: %s %d MB in %.1f s%n",
        name, Files.size(cache) >> 20, (System.nanoTime() - begun) / 1e9);
    return null;
  }

  private void finish(int expected) throws Exception {
    if (!process.waitFor(180, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(name + " did not end:\n" + log());
    }
    int code = process.exitValue();
    if (code != 0 && code != expected) {
      throw new IllegalStateException(name + " ended with " + code + ":\n" + log());
    }
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  private Process java(List<String> options, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(JAVA, "@" + home.resolve("java.args")));
    command.addAll(ROOM);
    command.addAll(options);
    command.add("@" + home.resolve("main.args"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin");
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.environment().putAll(environment);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }
}
