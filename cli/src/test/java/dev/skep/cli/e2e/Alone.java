package dev.skep.cli.e2e;

import dev.skep.testing.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One service in a process of its own, which sees no environment but what it is given. */
final class Alone implements AutoCloseable {
  static final String TOKEN = "token-of-the-test";

  final String name;
  final int port = Ports.free();
  private final Path log;
  private final Process process;

  /**
   * Starts it.
   *
   * @param dir for its log and its token
   */
  Alone(String name, Class<?> main, Path dir, String bootstrap, Map<String, String> environment)
      throws IOException {
    this.name = name;
    this.log = dir.resolve(name + ".log");
    Path token = Files.writeString(dir.resolve(name + ".token"), TOKEN);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName());
    Map<String, String> env = new HashMap<>(environment);
    env.put("SKEP_KAFKA_BOOTSTRAP", bootstrap);
    env.put("SKEP_HTTP_PORT", Integer.toString(port));
    env.put("SKEP_TOKEN_FILE", token.toString());
    builder.environment().clear();
    builder.environment().putAll(env);
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** Whether it is ready; throws if it has ended. */
  boolean ready(HttpClient http) throws InterruptedException {
    if (!process.isAlive()) {
      throw new AssertionError(
          name + " ended with " + process.exitValue() + ": " + lastLine() + "\n" + log());
    }
    try {
      return get(http, "/health/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether it is alive and says that it waits; throws if it has ended. */
  boolean waits(HttpClient http) throws InterruptedException {
    if (ready(http)) {
      throw new AssertionError(name + " is ready before its broker is:\n" + log());
    }
    try {
      HttpResponse<String> live = get(http, "/health/live");
      return live.statusCode() == 200 && live.body().contains("waiting");
    } catch (IOException e) {
      return false;
    }
  }

  HttpResponse<String> get(HttpClient http, String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + TOKEN)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** SIGTERM; the exit code. */
  int end() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(15, TimeUnit.SECONDS)) {
      throw new AssertionError(name + " did not end at SIGTERM:\n" + log());
    }
    return process.exitValue();
  }

  /** Why it ended: it says so last. */
  private String lastLine() {
    return log()
        .lines()
        .filter(line -> line.startsWith("skep "))
        .reduce((a, b) -> b)
        .orElse("no reason given");
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
