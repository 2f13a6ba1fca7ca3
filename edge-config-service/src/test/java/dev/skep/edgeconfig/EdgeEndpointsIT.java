package dev.skep.edgeconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Codecs;
import dev.skep.model.Json;
import dev.skep.model.access.AccessToken;
import dev.skep.model.access.Role;
import dev.skep.model.command.Command;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.access.TokenText;
import dev.skep.runtime.config.Secret;
import dev.skep.runtime.http.HttpConfig;
import dev.skep.runtime.http.HttpFrontDoor;
import dev.skep.runtime.http.Roles;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicAdmin;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.WithKafka;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@WithKafka
class EdgeEndpointsIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final KafkaTest kafka;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Command> commands = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private Platform platform;
  private HttpFrontDoor door;

  EdgeEndpointsIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void open() {
    kafka.wipe();
    platform = Platform.create(KafkaConfig.of(kafka.bootstrapServers()), e -> {});
    open.add(platform);
    EdgeConfigService service = new EdgeConfigService(platform, EdgeConfigConfig.defaults());
    open.add(service);
    service.start();
    door =
        HttpFrontDoor.open(
            platform, new HttpConfig("127.0.0.1", 0, new Secret("let-me-in")), List.of(service));
    open.add(door);
    open.add(
        TopicView.open(
            platform,
            "test",
            Topics.COMMANDS,
            Codecs.COMMANDS,
            change -> commands.add(change.after())));
    await().atMost(SOON).until(() -> service.health().ready());
  }

  @AfterEach
  void close() throws Exception {
    http.close();
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
  }

  @Test
  void anEdgeIsToldToAdoptTheStoreAsItIsNow() throws Exception {
    HttpResponse<String> answer = post("adopt", "{\"edge\":\"edge-1\"}", "let-me-in");

    assertThat(answer.statusCode()).isEqualTo(202);
    JsonNode body = Json.mapper().readTree(answer.body());
    await().atMost(SOON).until(() -> !commands.isEmpty());
    Command command = commands.getFirst();
    assertThat(command.id()).isEqualTo(body.get("command").textValue());
    assertThat(command.target()).isEqualTo("edge");
    assertThat(command.kind()).isEqualTo("store.adopt");
    assertThat(command.notAfter()).isAfter(command.issuedAt());
    Map<String, String> ids =
        TopicAdmin.topicIds(platform.kafka(), List.of("skep.routes", "skep.certificates"));
    assertThat(command.body().get("edge").textValue()).isEqualTo("edge-1");
    assertThat(command.body().get("topics")).isEqualTo(Json.mapper().valueToTree(ids)).hasSize(2);
  }

  @Test
  void edgesAreToldToForgetOneButNotAll() throws Exception {
    HttpResponse<String> all = post("forget", "{\"edge\":\"*\"}", "let-me-in");
    HttpResponse<String> one = post("forget", "{\"edge\":\"edge-1\"}", "let-me-in");

    assertThat(all.statusCode()).isEqualTo(400);
    assertThat(one.statusCode()).isEqualTo(202);
    await().atMost(SOON).until(() -> !commands.isEmpty());
    assertThat(commands)
        .singleElement()
        .satisfies(
            command -> {
              assertThat(command.kind()).isEqualTo("edge.forget");
              assertThat(command.body().get("edge").textValue()).isEqualTo("edge-1");
            });
  }

  @Test
  void whatNamesNoEdgeIsRefusedWithWhatToSend() throws Exception {
    List<String> bodies =
        List.of("", "{", "[]", "{}", "{\"edge\":7}", "{\"edge\":\"\"}", "{\"edge\":\"a b\"}");

    List<HttpResponse<String>> answers = new ArrayList<>();
    for (String body : bodies) {
      answers.add(post("adopt", body, "let-me-in"));
    }

    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(400);
              assertThat(answer.body()).contains("for all edges");
            });
    assertThat(commands).isEmpty();
  }

  @Test
  void withoutTheTokenNothingIsAdopted() throws Exception {
    HttpResponse<String> answer = post("adopt", "{\"edge\":\"*\"}", "wrong");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(commands).isEmpty();
  }

  /** What edges refuse for good reasons, they are told by admins alone. */
  @ParameterizedTest
  @CsvSource({"adopt, OPERATOR, 403", "forget, OPERATOR, 403", "adopt, ADMIN, 202"})
  void onlyAdminsTellEdges(String what, Role role, int status) throws Exception {
    String token = TokenText.create("ci");
    AccessToken kept =
        new AccessToken("ci", role, TokenText.hash(token), Instant.EPOCH, "root", null);
    try (Writer writer = Writer.open(platform, "deployer")) {
      writer.publish(List.of(Write.put(Topics.TOKENS, Codecs.TOKENS, "ci", kept, "created", null)));
    }
    String body = "{\"edge\":\"edge-1\"}";
    await().atMost(SOON).until(() -> post("none", body, token).statusCode() == 404);

    assertThat(post(what, body, token).statusCode()).isEqualTo(status);
  }

  @Test
  void everyRouteThatChangesSomethingDeclaresItsRole() {
    Router router = Router.router(platform.vertx());
    EdgeConfigService service = new EdgeConfigService(platform, EdgeConfigConfig.defaults());
    open.add(service);
    service.mount(router);

    assertThat(router.getRoutes()).isNotEmpty();
    assertThat(Roles.undeclared(router.getRoutes(), List.of(service)))
        .extracting(Route::getPath)
        .isEmpty();
  }

  @Test
  void theCommandHasTheCallersKeyAndName() throws Exception {
    String[] headers = {"Idempotency-Key", "key-1", "Skep-User", "anna@manager-1"};

    post("forget", "{\"edge\":\"edge-1\"}", "let-me-in", headers);
    HttpResponse<String> other = post("forget", "{\"edge\":\"edge-2\"}", "let-me-in", headers);

    assertThat(other.statusCode()).isEqualTo(409);
    await().atMost(SOON).until(() -> !commands.isEmpty());
    assertThat(commands.getFirst().id()).isEqualTo("key-1");
    assertThat(commands.getFirst().by()).isEqualTo("root (anna@manager-1)");
  }

  private HttpResponse<String> post(String what, String body, String token, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/api/edges/" + what))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return http.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofString());
  }
}
