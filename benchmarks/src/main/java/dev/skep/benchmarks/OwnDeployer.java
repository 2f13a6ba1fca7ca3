package dev.skep.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.skep.broker.EmbeddedKafka;
import dev.skep.cli.ApiClient;
import dev.skep.deployer.DeployerConfig;
import dev.skep.deployer.DeployerService;
import dev.skep.deployer.image.ImageConfig;
import dev.skep.deployer.image.policy.HostAliases;
import dev.skep.engine.EngineClient;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.config.Secret;
import dev.skep.runtime.http.HttpConfig;
import dev.skep.runtime.http.HttpFrontDoor;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicAdmin;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A deployer of the benchmark's own, in this process, on a broker in this process. */
final class OwnDeployer implements AutoCloseable {
  /** Whatever is seen of a push was told of by the registry. */
  private static final Duration POLL = Duration.ofHours(1);

  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** What was opened, newest first: closed in that order. */
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private ApiClient api;
  private int port;

  private OwnDeployer() {}

  /**
   * Starts one; blocks until it takes commands.
   *
   * @param dir an existing directory, for the broker
   * @param sources the file that declares Git repositories; it may come later
   * @param token of its API
   * @param registrySecret what registries show
   * @param fatal told of what must end the process
   */
  static OwnDeployer start(
      EngineClient engine,
      Path dir,
      Path sources,
      Secret token,
      Secret registrySecret,
      Consumer<Throwable> fatal)
      throws Exception {
    OwnDeployer deployer = new OwnDeployer();
    try {
      deployer.open(engine, dir, sources, token, registrySecret, fatal);
      return deployer;
    } catch (Exception e) {
      deployer.close();
      throw e;
    }
  }

  private void open(
      EngineClient engine,
      Path dir,
      Path sources,
      Secret token,
      Secret registrySecret,
      Consumer<Throwable> fatal)
      throws Exception {
    EmbeddedKafka broker = opened(EmbeddedKafka.start(dir.resolve("kafka"), 0));
    KafkaConfig kafka = KafkaConfig.of(broker.bootstrapServers());
    TopicAdmin.ensure(kafka, Topics.all());
    Platform platform = opened(Platform.create(kafka, fatal));
    DeployerService service =
        opened(
            new DeployerService(
                    platform,
                    engine,
                    PrivateKeyRing.create(),
                    DeployerConfig.defaults().withSources(sources.toString()))
                .following(new ImageConfig(POLL, registrySecret, HostAliases.NONE, Set.of(), "")));
    service.start();
    HttpFrontDoor door =
        opened(
            HttpFrontDoor.open(platform, new HttpConfig("127.0.0.1", 0, token), List.of(service)));
    port = door.port();
    api = opened(new ApiClient(port, token.reveal()));
    Await.until(START_LIMIT, () -> service.health().ready() ? "" : "a deployer that is ready");
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }

  /** Its API. */
  ApiClient api() {
    return api;
  }

  /** A path of its front door. */
  URI at(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** Waits until a source's newest commit is applied. */
  void awaitApplied(String source, Duration limit) throws IOException, InterruptedException {
    Await.until(
        limit,
        () -> {
          JsonNode found = find("/api/sources", "sources", "name", source);
          String applied = found.path("appliedCommit").asText("");
          boolean done = !applied.isEmpty() && applied.equals(found.path("seenCommit").asText());
          return done ? "" : "source %s applied: %s".formatted(source, found);
        });
  }

  /** Waits until a service runs what its registry has. */
  void awaitCurrent(String service, Duration limit) throws IOException, InterruptedException {
    Await.until(
        limit,
        () -> {
          JsonNode found = find("/api/images", "images", "service", service);
          boolean done = found.path("state").asText().equals("current");
          return done ? "" : "service %s at its registry's image: %s".formatted(service, found);
        });
  }

  private JsonNode find(String path, String list, String key, String value)
      throws IOException, InterruptedException {
    for (JsonNode one : api.get(path).body().path(list)) {
      if (one.path(key).asText().equals(value)) {
        return one;
      }
    }
    return MissingNode.getInstance();
  }

  /** Closes every part, the newest first; one that fails does not keep the others open. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (Exception e) {
        System.err.println("%s did not close cleanly: %s".formatted(part.getClass(), e));
      }
    }
  }
}
