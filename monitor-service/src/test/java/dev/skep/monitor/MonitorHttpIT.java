package dev.skep.monitor;

import static dev.skep.monitor.Fixtures.node;
import static dev.skep.monitor.RunningMonitor.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Codecs;
import dev.skep.model.access.AccessToken;
import dev.skep.model.access.Role;
import dev.skep.model.cluster.Node;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.access.TokenText;
import dev.skep.runtime.http.Roles;
import dev.skep.runtime.kafka.Write;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.WithKafka;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API, the login and the live events, over one small cluster. */
@WithKafka
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitorHttpIT {
  private RunningMonitor monitor;

  @BeforeAll
  void open(KafkaTest kafka) {
    kafka.wipe();
    monitor = new RunningMonitor(kafka);
    monitor.publish(MonitorServiceIT.cluster());
    monitor.start().awaitReady();
  }

  @AfterAll
  void close() {
    assertThat(monitor.fatal()).isNull();
    monitor.close();
  }

  @Test
  void recordsBecomeJsonInAStableOrder() {
    assertThat(names("/api/nodes", "hostname")).containsExactly("m1.example", "w1.example");
    assertThat(names("/api/services", "name")).containsExactly("demo_db", "demo_web");
    assertThat(names("/api/tasks", "id")).containsExactly("t1", "t2");
    assertThat(names("/api/routes", "id")).containsExactly("web");
    assertThat(names("/api/certificates", "name")).containsExactly("example.org");
    assertThat(names("/api/stacks", "name")).containsExactly("demo");
    assertThat(names("/api/edges", "edge")).containsExactly("edge-1");
    assertThat(monitor.json("/api/services/demo_web").at("/tasks/effective").asInt()).isEqualTo(1);
    assertThat(monitor.json("/api/nodes/m1").get("hostname").asText()).isEqualTo("m1.example");
    assertThat(monitor.json("/api/status").at("/counts/nodes").asInt()).isEqualTo(2);
  }

  @Test
  void tasksAreFilteredByServiceNodeAndState() {
    assertThat(names("/api/tasks?service=demo_web", "id")).containsExactly("t1", "t2");
    assertThat(names("/api/tasks?node=m1.example&state=running", "id")).containsExactly("t1");
    assertThat(names("/api/tasks?state=failed", "id")).isEmpty();
  }

  @Test
  void nothingSealedOrMaskedLeavesByAnyDoor() {
    String everything =
        Stream.of(
                "/api/nodes",
                "/api/services",
                "/api/services/web",
                "/api/tasks",
                "/api/networks",
                "/api/stacks",
                "/api/stacks/demo",
                "/api/deployments",
                "/api/routes",
                "/api/backends",
                "/api/certificates",
                "/api/certificates/example.org",
                "/api/issuers",
                "/api/edges",
                "/api/status",
                "/metrics",
                "/health/ready")
            .map(path -> monitor.get(path).body())
            .reduce("", String::concat);
    String page = monitor.getBare("/", "Cookie", monitor.signIn()).body();
    assertThat(everything).contains("demo_web").doesNotContain("SENTINEL", RunningMonitor.TOKEN);
    assertThat(page).contains("demo_web").doesNotContain("SENTINEL", RunningMonitor.TOKEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/nodes", "/api/status", "/api/events", "/fragment", "/api/tasks/x"})
  void withoutTheTokenThereIsNothing(String path) {
    HttpResponse<String> answer = monitor.getBare(path);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
  }

  @Test
  void whoHasTheAnswerAlreadyIsToldSo() {
    String etag = monitor.get("/api/nodes").headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> again = monitor.get("/api/nodes", "If-None-Match", etag);

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void anUnknownIdIs404AndABadQuery400BothSayingWhatToDo() {
    HttpResponse<String> unknown = monitor.get("/api/nodes/nobody");
    HttpResponse<String> bad = monitor.get("/api/tasks?colour=red");

    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("'nobody'").contains("GET /api/nodes");
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body()).contains("'colour'").contains("[desired, limit, node, offset,");
    assertThat(bad.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
  }

  @Test
  void aWrongTokenDoesNotSignIn() {
    HttpResponse<String> answer = monitor.post("/login", "token=wrong");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(answer.body()).contains("role=\"alert\"");
  }

  @Test
  void aFormOfAnotherSiteDoesNotSignIn() {
    HttpResponse<String> answer =
        monitor.post("/login", "token=" + RunningMonitor.TOKEN, "Origin", "https://evil.example");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void aSessionReadsAndDoesNothingElse() {
    String cookie = monitor.signIn();

    assertThat(monitor.getBare("/api/nodes", "Cookie", cookie).statusCode()).isEqualTo(200);
    assertThat(monitor.post("/api/nodes", "a=b", "Cookie", cookie).statusCode()).isEqualTo(401);
    assertThat(monitor.getBare("/", "Cookie", cookie).statusCode()).isEqualTo(200);
    assertThat(monitor.getBare("/").headers().firstValue("Location")).contains("/login");
  }

  @Test
  void theSessionsCookieIsOutOfReachOfScriptsAndOtherSites() {
    HttpResponse<String> answer = monitor.post("/login", "token=" + RunningMonitor.TOKEN);

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Set-Cookie").orElse(""))
        .contains("SameSite=Strict", "Path=/")
        .containsIgnoringCase("HttpOnly")
        .doesNotContain(RunningMonitor.TOKEN);
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'self'");
  }

  @ParameterizedTest
  @CsvSource({"https, true", "http, false"})
  void behindAnEdgeTheCookieIsSecureWhereTheBrowserUsesTls(String scheme, boolean secure) {
    HttpResponse<String> answer =
        monitor.post("/login", "token=" + RunningMonitor.TOKEN, "X-Forwarded-Proto", scheme);

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Set-Cookie").orElse("").contains("Secure"))
        .isEqualTo(secure);
  }

  @Test
  void behindAnEdgeOnesWrongTokensDoNotCloseTheLoginToOthers() {
    String header = "X-Forwarded-For";
    for (int i = 0; i < 10; i++) {
      monitor.post("/login", "token=wrong", header, "192.0.2.1");
    }

    assertThat(monitor.post("/login", "token=wrong", header, "192.0.2.1").statusCode())
        .isEqualTo(429);
    assertThat(
            monitor
                .post("/login", "token=" + RunningMonitor.TOKEN, header, "192.0.2.1, 192.0.2.2")
                .statusCode())
        .isEqualTo(303);
  }

  @Test
  void signingOutEndsTheSession() {
    String cookie = monitor.signIn();

    monitor.post("/logout", "", "Cookie", cookie);

    assertThat(monitor.getBare("/api/nodes", "Cookie", cookie).statusCode()).isEqualTo(401);
  }

  @Test
  void aViewersTokenSignsInAndItsSessionEndsWithIt() {
    String token = TokenText.create("anna");
    AccessToken kept =
        new AccessToken("anna", Role.VIEWER, TokenText.hash(token), Instant.EPOCH, "root", null);
    monitor.publish(
        List.of(Write.put(Topics.TOKENS, Codecs.TOKENS, "anna", kept, "created", null)));
    await().until(() -> seen("Authorization", "Bearer " + token) == 200);
    String cookie = monitor.signIn(token);
    int before = seen("Cookie", cookie);

    monitor.publish(List.of(Write.delete(Topics.TOKENS, Codecs.TOKENS, "anna")));

    assertThat(before).isEqualTo(200);
    await().until(() -> seen("Cookie", cookie) == 401);
    assertThat(monitor.post("/login", "token=" + token).statusCode()).isEqualTo(401);
  }

  @Test
  void everyRouteThatChangesSomethingIsPublicOrDeclaresItsRole() {
    Router router = Router.router(monitor.platform().vertx());
    monitor.service().mount(router);

    assertThat(router.getRoutes()).isNotEmpty();
    assertThat(Roles.undeclared(router.getRoutes(), List.of(monitor.service())))
        .extracting(Route::getPath)
        .isEmpty();
  }

  @Test
  void aChangeIsToldToThoseWhoFollow() throws Exception {
    HttpResponse<Stream<String>> stream =
        monitor
            .http()
            .send(
                HttpRequest.newBuilder(monitor.uri("/api/events"))
                    .header("Cookie", monitor.signIn())
                    .build(),
                BodyHandlers.ofLines());
    assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");

    monitor.publish(List.of(put(node("m9", Node.Role.MANAGER))));

    try (Stream<String> lines = stream.body()) {
      List<String> ids = lines.filter(l -> l.startsWith("id: ")).limit(2).toList();
      assertThat(ids).hasSize(2).doesNotHaveDuplicates();
    }
  }

  @Test
  void openMetricsIsAnsweredWhenAsked() {
    HttpResponse<String> answer =
        monitor.getBare("/metrics", "Accept", "application/openmetrics-text;version=1.0.0");

    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(answer.body()).endsWith("# EOF\n");
  }

  private int seen(String header, String value) {
    return monitor.getBare("/api/nodes", header, value).statusCode();
  }

  private List<String> names(String path, String field) {
    List<String> names = new ArrayList<>();
    for (JsonNode one : monitor.json(path)) {
      names.add(one.get(field).asText());
    }
    return names;
  }
}
