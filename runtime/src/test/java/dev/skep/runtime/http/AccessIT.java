package dev.skep.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import dev.skep.model.access.Role;
import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.access.ListedTokens;
import dev.skep.runtime.access.TokenText;
import dev.skep.runtime.config.Secret;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.kafka.KafkaConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Roles, the audit and idempotency keys at a real front door. */
class AccessIT {
  private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");
  private static final String ROOT = "the-root-token";

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
  private final HttpClient client = HttpClient.newHttpClient();
  private final ListedTokens tokens = new ListedTokens();
  private final Map<Role, String> byRole = new EnumMap<>(Role.class);
  private final AuditRecords audit = new AuditRecords();
  private Platform platform;
  private HttpFrontDoor door;

  @BeforeEach
  void open() {
    platform = Platform.create(KafkaConfig.of("127.0.0.1:1"), clock, e -> {});
    door =
        HttpFrontDoor.open(
            platform,
            new HttpConfig("127.0.0.1", 0, new Secret(ROOT)),
            List.of(new TestService()),
            tokens);
    for (Role role : Role.values()) {
      byRole.put(role, tokens.add(role.id() + "-1", role, null));
    }
  }

  @AfterEach
  void close() {
    door.close();
    platform.close();
    audit.close();
    client.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/api/seen,VIEWER",
    "POST,/api/daily/web,OPERATOR",
    "DELETE,/api/daily/web,OPERATOR",
    "POST,/api/daily/web/,OPERATOR",
    "POST,/api/rare,ADMIN",
    "GET,/api/rare,ADMIN",
    "POST,/api/undeclared,ADMIN",
    "POST,/api/undeclared/,ADMIN",
    "PUT,/api/undeclared/deep/path,ADMIN",
    "PATCH,/api/any,ADMIN",
    "GET,/api/any,VIEWER"
  })
  void eachRoleMayWhatItsRoutesSayAndNoMore(String method, String path, Role needed)
      throws Exception {
    for (Role role : Role.values()) {
      HttpResponse<String> answer = send(method, path, byRole.get(role));

      if (role.covers(needed)) {
        assertThat(answer.statusCode()).as(role.id()).isEqualTo(200);
      } else {
        assertThat(answer.statusCode()).as(role.id()).isEqualTo(403);
        assertThat(answer.headers().firstValue("Content-Type"))
            .contains("application/problem+json");
        assertThat(json(answer).get("detail").asText())
            .contains("needs role " + needed.id(), role.id() + "-1", "has role " + role.id());
      }
    }
    assertThat(send(method, path, null).statusCode()).isEqualTo(401);
    assertThat(send(method, path, TokenText.create("admin-1")).statusCode()).isEqualTo(401);
    assertThat(send(method, path, ROOT).statusCode()).isEqualTo(200);
  }

  @Test
  void whatDeclaresNoRoleIsFound() {
    Router router = Router.router(platform.vertx());
    TestService service = new TestService();
    service.mount(router);

    assertThat(Roles.undeclared(router.getRoutes(), List.of(service)))
        .extracting(Route::getPath)
        .containsExactly("/api/undeclared", "/api/undeclared/:a/", "/api/any");
  }

  @Test
  void aPublicPathNeedsNoTokenAndNoRole() throws Exception {
    assertThat(send("POST", "/hooks/web", null).statusCode()).isEqualTo(200);
    assertThat(send("POST", "/hooks/web", "wrong").statusCode()).isEqualTo(200);
  }

  @Test
  void aSessionSeesAndNoMore() throws Exception {
    HttpResponse<String> seen = send(request("GET", "/api/seen").header("Cookie", "session=known"));
    HttpResponse<String> rare = send(request("GET", "/api/rare").header("Cookie", "session=known"));
    HttpResponse<String> changed =
        send(request("POST", "/api/daily/web").header("Cookie", "session=known"));

    assertThat(seen.statusCode()).isEqualTo(200);
    assertThat(rare.statusCode()).isEqualTo(403);
    assertThat(changed.statusCode()).isEqualTo(401);
  }

  @Test
  void aTokenThatIsRevokedInUseIsRefusedAtOnce() throws Exception {
    String ci = tokens.add("ci", Role.OPERATOR, null);
    int before = send("POST", "/api/daily/web", ci).statusCode();

    tokens.revoke("ci");

    assertThat(before).isEqualTo(200);
    assertThat(send("POST", "/api/daily/web", ci).statusCode()).isEqualTo(401);
  }

  @Test
  void aTokenThatExpiresInUseIsRefused() throws Exception {
    String ci = tokens.add("ci", Role.OPERATOR, NOW.plus(Duration.ofDays(90)));
    int before = send("POST", "/api/daily/web", ci).statusCode();

    now.set(NOW.plus(Duration.ofDays(90)));
    HttpResponse<String> after = send("POST", "/api/daily/web", ci);

    assertThat(before).isEqualTo(200);
    assertThat(after.statusCode()).isEqualTo(401);
    assertThat(json(after).get("detail").asText()).contains("wrong, revoked or expired");
  }

  @Test
  void beforeTokensAreReadOnlyRootPassesAndOthersAreToldToComeBack() throws Exception {
    tokens.ready(false);

    HttpResponse<String> named = send("GET", "/api/seen", byRole.get(Role.ADMIN));

    assertThat(named.statusCode()).isEqualTo(503);
    assertThat(named.headers().firstValue("Retry-After")).contains("1");
    assertThat(send("GET", "/api/seen", "wrong").statusCode()).isEqualTo(401);
    assertThat(send("GET", "/api/seen", ROOT).statusCode()).isEqualTo(200);
  }

  @Test
  void whoAsksIsTheTokenAndThePersonOnlyAClaim() throws Exception {
    HttpResponse<String> answer =
        send(
            request("POST", "/api/daily/web")
                .header("Authorization", "Bearer " + byRole.get(Role.OPERATOR))
                .header("Skep-User", "anna@manager-1"));

    assertThat(json(answer).get("by").asText()).isEqualTo("operator-1 (anna@manager-1)");
  }

  @ParameterizedTest
  @CsvSource({"a b", "root)", "'<b>'", "''"})
  void aPersonThatCouldMisleadAReaderIsRefused(String person) throws Exception {
    HttpResponse<String> answer =
        send(
            request("POST", "/api/daily/web")
                .header("Authorization", "Bearer " + ROOT)
                .header("Skep-User", person));

    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @Test
  void everyChangeIsWrittenDownWithoutTokenQueryOrBody() throws Exception {
    send(
        request("POST", "/api/daily/web?password=hidden-1")
            .header("Authorization", "Bearer " + byRole.get(Role.OPERATOR))
            .header("Skep-User", "anna@manager-1")
            .header("Idempotency-Key", "key-1")
            .header("X-Forwarded-For", "forged, 192.0.2.7")
            .method("POST", HttpRequest.BodyPublishers.ofString("hidden-2")));

    String line = line("Request done");
    assertThat(line)
        .startsWith("INFO")
        .contains(
            "name=operator-1",
            "role=operator",
            "person=anna@manager-1",
            "address=127.0.0.1",
            "forwardedFor=192.0.2.7",
            "method=POST",
            "path=/api/daily/web",
            "status=200",
            "command=key-1",
            "key=key-1")
        .doesNotContain("hidden", TokenText.hash(byRole.get(Role.OPERATOR)));
    assertNoToken();
  }

  @Test
  void everyRefusalIsWrittenDownAndReadingIsNot() throws Exception {
    send("GET", "/api/seen", byRole.get(Role.VIEWER));
    send("POST", "/api/daily/web", byRole.get(Role.VIEWER));
    send("GET", "/api/" + byRole.get(Role.ADMIN), TokenText.create("viewer-1"));

    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> audit.lines().size() == 2);
    assertThat(audit.lines().getFirst())
        .startsWith("WARNING")
        .contains("name=viewer-1", "status=403", "Request refused");
    assertThat(audit.lines().getLast())
        .contains("status=401", "path=/api/skep_admin-1_***")
        .doesNotContain("name=");
    assertNoToken();
  }

  @Test
  void aFloodOfWrongTokensIsCountedAndNotWrittenOut() throws Exception {
    for (int i = 0; i < 50; i++) {
      send("POST", "/api/daily/web", "wrong");
    }
    now.set(NOW.plusSeconds(60));

    send("POST", "/api/daily/web", ROOT);

    line("Request done");
    assertThat(audit.lines()).filteredOn(l -> l.contains("Request refused")).hasSize(10);
    assertThat(audit.lines())
        .filteredOn(l -> l.contains("More requests failed"))
        .singleElement()
        .asString()
        .contains("count=40");
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/api/daily/web,one,200",
    "POST,/api/daily/web,another,409",
    "POST,/api/daily/db,one,409",
    "DELETE,/api/daily/web,one,409",
    "POST,/api/daily/web?forget=true,one,409"
  })
  void aKeyThatComesWithAnotherRequestIsRefused(String method, String path, String body, int status)
      throws Exception {
    int first = sendWithKey("POST", "/api/daily/web", "key-1", "one").statusCode();

    HttpResponse<String> second = sendWithKey(method, path, "key-1", body);

    assertThat(first).isEqualTo(200);
    assertThat(second.statusCode()).isEqualTo(status);
    assertThat(sendWithKey(method, path, "key-2", body).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"'a b'", "''", "ä"})
  void aMalformedKeyIsRefused(String key) throws Exception {
    assertThat(sendWithKey("POST", "/api/daily/web", key, "one").statusCode()).isEqualTo(400);
  }

  private void assertNoToken() {
    for (String token : byRole.values()) {
      assertThat(String.join("\n", audit.lines())).doesNotContain(token);
    }
    assertThat(String.join("\n", audit.lines())).doesNotContain(ROOT);
  }

  private String line(String message) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> audit.lines().stream().anyMatch(l -> l.contains(message)));
    return audit.lines().stream().filter(l -> l.contains(message)).findFirst().orElseThrow();
  }

  private HttpResponse<String> sendWithKey(String method, String path, String key, String body)
      throws Exception {
    return send(
        request(method, path)
            .header("Authorization", "Bearer " + ROOT)
            .header("Idempotency-Key", key)
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(String method, String path, String token) throws Exception {
    HttpRequest.Builder request = request(method, path);
    return send(token == null ? request : request.header("Authorization", "Bearer " + token));
  }

  private HttpRequest.Builder request(String method, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path))
        .method(method, HttpRequest.BodyPublishers.noBody());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return Json.mapper().readTree(answer.body());
  }

  /** A service with a route of each kind. */
  private static final class TestService implements SkepService {
    private final CommandIds ids = new CommandIds();

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
      return Health.ok();
    }

    @Override
    public Set<String> publicPaths() {
      return Set.of("/hooks/*");
    }

    @Override
    public boolean authenticates(HttpServerRequest request) {
      return "session=known".equals(request.getHeader("Cookie"));
    }

    @Override
    public void mount(Router router) {
      router.get("/api/seen").handler(ctx -> Handlers.json(ctx, 200, Map.of()));
      Roles.require(router.post("/api/daily/:name"), Role.OPERATOR)
          .handler(
              ctx -> {
                String id = ids.take(ctx);
                Handlers.json(ctx, 200, Map.of("command", id, "by", Callers.of(ctx).by()));
              });
      Roles.require(router.delete("/api/daily/:name"), Role.OPERATOR)
          .handler(ctx -> Handlers.json(ctx, 200, Map.of("command", ids.take(ctx))));
      Roles.require(router.route("/api/rare"), Role.ADMIN)
          .handler(ctx -> Handlers.json(ctx, 200, Map.of()));
      router.post("/api/undeclared").handler(ctx -> Handlers.json(ctx, 200, Map.of()));
      router.put("/api/undeclared/:a/*").handler(ctx -> Handlers.json(ctx, 200, Map.of()));
      router.route("/api/any").handler(ctx -> Handlers.json(ctx, 200, Map.of()));
      router.post("/hooks/:name").handler(ctx -> Handlers.json(ctx, 200, Map.of()));
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
