package dev.skep.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.model.Codecs;
import dev.skep.model.access.AccessToken;
import dev.skep.model.access.Role;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.access.TokenText;
import dev.skep.runtime.access.TopicTokens;
import dev.skep.runtime.config.Secret;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.TopicAdmin;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import dev.skep.testing.Ports;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of a topic, on a broker that is stopped and started. */
class TokenTopicIT {
  @TempDir Path dir;

  private final int port = Ports.free();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private EmbeddedKafka broker;
  private Platform platform;
  private Writer writer;

  @BeforeEach
  void open() {
    broker = EmbeddedKafka.start(dir, port);
    platform = closing(Platform.create(KafkaConfig.of(broker.bootstrapServers()), fatal::add));
    TopicAdmin.ensure(platform.kafka(), Topics.all());
    writer = closing(Writer.open(platform, "deployer"));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : open) {
      part.close();
    }
    broker.close();
    client.close();
    assertThat(fatal).isEmpty();
  }

  @Test
  void aTokenIsTakenAndRefusedByEveryServiceWithinMoments() throws Exception {
    HttpFrontDoor one = door();
    HttpFrontDoor other = door();
    String token = create();

    await().until(() -> status(one, token) == 200 && status(other, token) == 200);
    writer.publish(List.of(Write.delete(Topics.TOKENS, Codecs.TOKENS, "ci")));

    await().until(() -> status(one, token) == 401 && status(other, token) == 401);
  }

  @Test
  void aKnownTokenIsGoodWhileTheBrokerIsAwayAndRevokedAfter() throws Exception {
    HttpFrontDoor door = door();
    String token = create();
    await().until(() -> status(door, token) == 200);
    broker.close();

    int away = status(door, token);
    int unknown = status(door, TokenText.create("ci"));
    broker = EmbeddedKafka.start(dir, port);
    await()
        .ignoreExceptionsMatching(e -> e instanceof PublishException)
        .until(
            () -> {
              writer.publish(List.of(Write.delete(Topics.TOKENS, Codecs.TOKENS, "ci")));
              return true;
            });

    assertThat(away).isEqualTo(200);
    assertThat(unknown).isEqualTo(401);
    await().until(() -> status(door, token) == 401);
  }

  @Test
  void beforeThereIsABrokerRootPassesAndOthersAreToldToComeBack() throws Exception {
    String token = create();
    broker.close();
    HttpFrontDoor door = door();

    int root = status(door, "the-root");
    int named = status(door, token);
    broker = EmbeddedKafka.start(dir, port);

    assertThat(root).isEqualTo(200);
    assertThat(named).isEqualTo(503);
    await().until(() -> status(door, token) == 200);
  }

  @Test
  void whoWaitsForATokenIsWokenByIt() {
    TopicTokens tokens = closing(TopicTokens.open(platform, "test"));

    create();

    assertThat(tokens.await(all -> all.containsKey("ci"), Duration.ofSeconds(20))).isTrue();
    assertThat(tokens.await(Map::isEmpty, Duration.ofMillis(1))).isFalse();
  }

  private String create() {
    String token = TokenText.create("ci");
    AccessToken kept =
        new AccessToken(
            "ci", Role.VIEWER, TokenText.hash(token), Instant.now(platform.clock()), "root", null);
    writer.publish(List.of(Write.put(Topics.TOKENS, Codecs.TOKENS, "ci", kept, "created", null)));
    return token;
  }

  private HttpFrontDoor door() {
    return closing(
        HttpFrontDoor.open(
            platform,
            new HttpConfig("127.0.0.1", 0, new Secret("the-root")),
            List.of(new TestService())));
  }

  private int status(HttpFrontDoor door, String token) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/api/seen"))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
  }

  private <T extends AutoCloseable> T closing(T part) {
    open.push(part);
    return part;
  }

  /** A service with one route. */
  private static final class TestService implements SkepService {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public void start() {
      // Nothing runs beside its endpoint.
    }

    @Override
    public Health health() {
      return Health.ok();
    }

    @Override
    public void mount(Router router) {
      router.get("/api/seen").handler(ctx -> Handlers.json(ctx, 200, Map.of()));
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
