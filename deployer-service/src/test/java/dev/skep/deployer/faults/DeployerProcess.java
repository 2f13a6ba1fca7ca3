package dev.skep.deployer.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.Main;
import dev.skep.model.Json;
import dev.skep.testing.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** A deployer as a process of its own, which can be killed. */
final class DeployerProcess implements AutoCloseable {
  private static final String TOKEN = "test-token";
  private static final Duration UP_WITHIN = Duration.ofSeconds(60);
  private static final Duration DONE_WITHIN = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = Ports.free();
  private final Path log;
  private final Process process;

  /**
   * Starts it.
   *
   * @param dir keeps its keys and its log, for those that come after it, too
   */
  DeployerProcess(String bootstrap, URI engine, Path dir) throws IOException {
    this(bootstrap, engine, dir, Main.class);
  }

  /** With another main class. */
  DeployerProcess(String bootstrap, URI engine, Path dir, Class<?> main) throws IOException {
    log = Files.createTempFile(dir, "deployer", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx192m",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName());
    builder.environment().keySet().removeIf(name -> name.startsWith("SKEP_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "SKEP_KAFKA_BOOTSTRAP", bootstrap,
                "SKEP_HTTP_PORT", Integer.toString(port),
                "SKEP_TOKEN", TOKEN,
                "SKEP_ENGINE_HOST", engine.toString(),
                "SKEP_DEPLOYER_KEYS", dir.resolve("deployer.json").toString()));
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** Waits until it answers: {@code /health/live}, or {@code /health/ready}. */
  DeployerProcess await(String health) {
    Awaitility.await(health)
        .atMost(UP_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> process.isAlive() ? status(health) == 200 : fail());
    return this;
  }

  private boolean fail() throws IOException {
    throw new AssertionError("the deployer ended: " + log());
  }

  private int status(String path) throws InterruptedException {
    try {
      return http.send(request(path).GET().build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /** SIGKILL; returns when it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** The exit code of a process that is expected to end by itself. */
  int exit() throws InterruptedException, IOException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("the deployer goes on: " + log());
    }
    return process.exitValue();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  JsonNode get(String path) {
    return send(request(path).GET(), 200);
  }

  /** Asks for a deployment, and gives the command's id. */
  String deploy(String stack, String body) {
    return send(request("/api/stacks/" + stack).POST(BodyPublishers.ofString(body)), 202)
        .path("command")
        .asText();
  }

  String remove(String stack) {
    return send(request("/api/stacks/" + stack).DELETE(), 202).path("command").asText();
  }

  /**
   * Waits until a command is done, well or not, and gives its state. A process that has just taken
   * over does not know a command that none before it has folded, until it has done so.
   */
  JsonNode done(String command) {
    AtomicReference<JsonNode> last = new AtomicReference<>();
    Awaitility.await("command " + command)
        .atMost(DONE_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              last.set(send(request("/api/commands/" + command).GET(), 200, 404));
              String state = last.get().path("state").asText();
              return state.equals("succeeded") || state.equals("failed");
            });
    return last.get();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + TOKEN);
  }

  private JsonNode send(HttpRequest.Builder request, Integer... expected) {
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      if (!List.of(expected).contains(response.statusCode())) {
        throw new AssertionError(response.statusCode() + " " + response.body());
      }
      return Json.mapper().readTree(response.body());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    http.close();
  }
}
