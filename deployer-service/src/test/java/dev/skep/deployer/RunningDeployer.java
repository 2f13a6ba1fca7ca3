package dev.skep.deployer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.image.ImageConfig;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.model.Json;
import dev.skep.runtime.Platform;
import dev.skep.runtime.config.Secret;
import dev.skep.runtime.http.HttpConfig;
import dev.skep.runtime.http.HttpFrontDoor;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** A deployer on a real broker with its front door; closing it is the process's end. */
final class RunningDeployer implements AutoCloseable {
  private static final String TOKEN = "test-token";

  /** An answer; {@code body} may be a missing node. */
  record Answer(int status, String contentType, JsonNode body) {}

  private final HttpClient http = HttpClient.newHttpClient();
  private final Platform platform;
  private final DeployerService service;
  private final HttpFrontDoor door;
  private final AtomicReference<Throwable> fatal = new AtomicReference<>();

  RunningDeployer(KafkaTest kafka, URI engine, PrivateKeyRing keys) throws Exception {
    this(kafka, engine, keys, "");
  }

  /** One that takes a service of the Engine for its own. */
  RunningDeployer(KafkaTest kafka, URI engine, PrivateKeyRing keys, String ownService)
      throws Exception {
    this(kafka, engine, keys, ownService, "");
  }

  /** One with sources. */
  RunningDeployer(
      KafkaTest kafka, URI engine, PrivateKeyRing keys, String ownService, String sources)
      throws Exception {
    this(
        kafka,
        engine,
        keys,
        config(ownService).withSources(sources),
        ImageConfig.defaults(),
        0,
        Clock.systemUTC());
  }

  private static DeployerConfig config(String ownService) {
    return new DeployerConfig(Duration.ofSeconds(1), Duration.ofMinutes(1), 4, 3, 3, ownService);
  }

  /** One that follows images, and listens on a port that its registry knows. */
  RunningDeployer(KafkaTest kafka, URI engine, PrivateKeyRing keys, ImageConfig images, int port)
      throws Exception {
    this(kafka, engine, keys, config(""), images, port, Clock.systemUTC());
  }

  /** One with settings and a clock of the test's. */
  RunningDeployer(
      KafkaTest kafka, URI engine, PrivateKeyRing keys, DeployerConfig config, Clock clock)
      throws Exception {
    this(kafka, engine, keys, config, ImageConfig.defaults(), 0, clock);
  }

  private RunningDeployer(
      KafkaTest kafka,
      URI engine,
      PrivateKeyRing keys,
      DeployerConfig config,
      ImageConfig images,
      int port,
      Clock clock)
      throws Exception {
    platform =
        Platform.create(
            new KafkaConfig(kafka.bootstrapServers(), Map.of()),
            clock,
            e -> fatal.compareAndSet(null, e));
    service =
        new DeployerService(platform, EngineClient.connect(EngineConfig.of(engine)), keys, config)
            .following(images);
    service.start();
    door =
        HttpFrontDoor.open(
            platform, new HttpConfig("127.0.0.1", port, new Secret(TOKEN)), List.of(service));
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> service.health().ready());
  }

  Platform platform() {
    return platform;
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  Answer delete(String path) {
    return send(request(path).DELETE());
  }

  Answer post(String path, String body, String... headers) {
    HttpRequest.Builder request = request(path).POST(BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** As a stranger who has no token. */
  Answer postWithoutToken(String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path))
            .timeout(Duration.ofSeconds(30))
            .POST(BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** As the holder of a token. */
  Answer as(String token, String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .method(method, BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  DeployerService service() {
    return service;
  }

  /** Waits until a command is done, well or not, and gives its state. */
  JsonNode done(String command) {
    AtomicReference<JsonNode> last = new AtomicReference<>();
    Awaitility.await("command " + command)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              last.set(get("/api/commands/" + command).body());
              String state = last.get().path("state").asText();
              return state.equals("succeeded") || state.equals("failed");
            });
    return last.get();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + TOKEN);
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          Json.mapper().readTree(response.body()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    door.close();
    service.close();
    platform.close();
    http.close();
  }
}
