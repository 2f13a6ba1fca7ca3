package dev.skep.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.config.Secret;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.kafka.KafkaConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpFrontDoorIT {
  private static final HttpConfig CONFIG =
      new HttpConfig("127.0.0.1", 0, new Secret("right-token"));

  private final HttpClient client = HttpClient.newHttpClient();
  private final TestService service = new TestService();
  private Platform platform;
  private HttpFrontDoor door;

  @BeforeEach
  void open() {
    platform = Platform.create(KafkaConfig.of("127.0.0.1:1"), e -> {});
    door = HttpFrontDoor.open(platform, CONFIG, List.of(service));
  }

  @AfterEach
  void close() {
    door.close();
    platform.close();
  }

  @ParameterizedTest
  @CsvSource({"Bearer wrong", "right-token", "Basic right-token", "Bearer", "''"})
  void withoutTheTokenThereIsNothingToSee(String authorization) throws Exception {
    HttpResponse<String> answer = get("/api/things", "Authorization", authorization);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
    assertProblem(answer, 401, "Unauthorized");
  }

  @Test
  void theTokenOpens() throws Exception {
    HttpResponse<String> answer = get("/api/things", "Authorization", "Bearer right-token");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"thing\":\"virtual\"}");
  }

  @Test
  void anEmptyTokenOpensToNobody() throws Exception {
    try (HttpFrontDoor closed =
        HttpFrontDoor.open(
            platform, new HttpConfig("127.0.0.1", 0, new Secret("")), List.of(service))) {
      HttpResponse<String> answer =
          send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + closed.port() + "/api/things"))
                  .header("Authorization", "Bearer "));

      assertThat(answer.statusCode()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @CsvSource({"/open,200", "/hooks/git,200", "/hooks/../api/things,401", "/opened,401"})
  void onlyDeclaredPathsArePublic(String path, int status) throws Exception {
    HttpResponse<String> answer = get(path, "X-None", "1");

    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "/metrics,X-Forwarded-For,404",
    "/metrics,x-forwarded-proto,404",
    "/metrics/,X-Forwarded-Host,404",
    "//metrics,X-Forwarded-For,404",
    "/%6detrics,X-Forwarded-For,404",
    "/health/live,X-Forwarded-For,404",
    "/health/ready,Forwarded,404",
    "/open,X-Forwarded-For,200",
    "/metrics,X-None,200",
    "/health/live,X-None,200"
  })
  void metricsAndHealthAreNotForThoseWhoComeThroughAProxy(String path, String header, int status)
      throws Exception {
    assertThat(get(path, header, "192.0.2.1").statusCode()).isEqualTo(status);
  }

  @Test
  void aServiceMayVouchForReadingOnly() throws Exception {
    HttpResponse<String> read = get("/api/things", "Cookie", "session=known");
    HttpResponse<String> write =
        send(request("/api/things").header("Cookie", "session=known").POST(body("{}")));

    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(write.statusCode()).isEqualTo(401);
  }

  @Test
  void aServicesProblemIsToldAsItIs() throws Exception {
    HttpResponse<String> answer = authorized("/api/refused");

    assertProblem(answer, 409, "Conflict");
    assertThat(json(answer).get("detail").asText()).isEqualTo("it is taken: choose another");
  }

  @ParameterizedTest
  @CsvSource({"/api/broken", "/api/broken-on-loop"})
  void anErrorOfOursTellsNothingOfItself(String path) throws Exception {
    HttpResponse<String> answer = authorized(path);

    assertProblem(answer, 500, "Internal error");
    assertThat(answer.body()).doesNotContain("s3cret");
  }

  @Test
  void anUnknownPathIsAProblemToo() throws Exception {
    HttpResponse<String> answer = authorized("/api/nothing");

    assertProblem(answer, 404, "Not found");
  }

  @Test
  void theWrongMethodIsAProblemToo() throws Exception {
    HttpResponse<String> answer =
        send(request("/api/things").header("Authorization", "Bearer right-token").DELETE());

    assertProblem(answer, 405, "Method not allowed");
  }

  @Test
  void aBodyBeyondTheLimitIsRefused() throws Exception {
    HttpResponse<String> answer =
        send(
            request("/api/things")
                .header("Authorization", "Bearer right-token")
                .POST(body("x".repeat(9 * 1024 * 1024))));

    assertProblem(answer, 413, "Too large");
  }

  @Test
  void readyAnswers503UntilEveryServiceIs() throws Exception {
    service.health = new Health(true, false, Map.of("tasks", "replaying"));
    HttpResponse<String> before = get("/health/ready", "X-None", "1");
    HttpResponse<String> live = get("/health/live", "X-None", "1");
    service.health = Health.ok();

    HttpResponse<String> after = get("/health/ready", "X-None", "1");

    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(json(before).at("/services/test/details/tasks").asText()).isEqualTo("replaying");
    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(after.statusCode()).isEqualTo(200);
    assertThat(json(after).get("status").asText()).isEqualTo("UP");
  }

  @Test
  void aServiceWhoseLoopsStandIsNotLive() throws Exception {
    service.health = Health.of(false, true);

    HttpResponse<String> answer = get("/health/live", "X-None", "1");

    assertThat(answer.statusCode()).isEqualTo(503);
  }

  /** Some versions of Vert.x's Micrometer module lose these without an error. */
  @Test
  void metricsHoldVertxsHttpServerMeters() throws Exception {
    authorized("/api/things");

    HttpResponse<String> answer = get("/metrics", "X-None", "1");

    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(answer.body())
        .contains("vertx_http_server_requests_total")
        .contains("vertx_http_server_response_time_seconds_count")
        .contains("code=\"200\"");
  }

  @Test
  void metricsSpeakOpenMetricsToWhoAsks() throws Exception {
    HttpResponse<String> answer = get("/metrics", "Accept", "application/openmetrics-text");

    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(answer.body()).endsWith("# EOF\n");
  }

  @Test
  void aPortInUseIsOneClearLine() {
    HttpConfig taken = new HttpConfig("127.0.0.1", door.port(), new Secret("t"));

    assertThatThrownBy(() -> HttpFrontDoor.open(platform, taken, List.of()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("127.0.0.1:" + door.port())
        .hasMessageContaining("SKEP_HTTP_PORT")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private HttpResponse<String> authorized(String path) throws Exception {
    return get(path, "Authorization", "Bearer right-token");
  }

  private HttpResponse<String> get(String path, String header, String value) throws Exception {
    return send(request(path).header(header, value));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.BodyPublisher body(String text) {
    return HttpRequest.BodyPublishers.ofString(text);
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String title)
      throws IOException {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(json(answer).get("status").asInt()).isEqualTo(status);
    assertThat(json(answer).get("title").asText()).isEqualTo(title);
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return Json.mapper().readTree(answer.body());
  }

  /** A service with an endpoint of each kind. */
  private static final class TestService implements SkepService {
    private volatile Health health = Health.ok();

    @Override
    public String name() {
      return "test";
    }

    @Override
    public void start() {
      // Nothing runs beside its endpoints.
    }

    @Override
    public Health health() {
      return health;
    }

    @Override
    public Set<String> publicPaths() {
      return Set.of("/open", "/hooks/*");
    }

    @Override
    public boolean authenticates(HttpServerRequest request) {
      return "session=known".equals(request.getHeader("Cookie"));
    }

    @Override
    public void mount(Router router) {
      router
          .get("/api/things")
          .handler(
              Handlers.blocking(
                  ctx ->
                      Handlers.json(
                          ctx,
                          200,
                          Map.of(
                              "thing",
                              Thread.currentThread().isVirtual() ? "virtual" : "platform"))));
      router.post("/api/things").handler(ctx -> Handlers.json(ctx, 202, Map.of()));
      router.get("/open").handler(ctx -> Handlers.json(ctx, 200, Map.of()));
      router.get("/opened").handler(ctx -> Handlers.json(ctx, 200, Map.of()));
      router.get("/hooks/git").handler(ctx -> Handlers.json(ctx, 200, Map.of()));
      router
          .get("/api/refused")
          .handler(
              Handlers.blocking(
                  ctx -> {
                    throw new ProblemException(409, "Conflict", "it is taken: choose another");
                  }));
      router
          .get("/api/broken")
          .handler(
              Handlers.blocking(
                  ctx -> {
                    throw new IllegalStateException("s3cret");
                  }));
      router
          .get("/api/broken-on-loop")
          .handler(
              ctx -> {
                throw new IllegalStateException("s3cret");
              });
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
