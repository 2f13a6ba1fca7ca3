package dev.skep.monitor;

import static dev.skep.monitor.Fixtures.certificate;
import static dev.skep.monitor.Fixtures.edge;
import static dev.skep.monitor.Fixtures.node;
import static dev.skep.monitor.Fixtures.route;
import static dev.skep.monitor.Fixtures.service;
import static dev.skep.monitor.Fixtures.stack;
import static dev.skep.monitor.Fixtures.task;
import static dev.skep.monitor.RunningMonitor.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Codecs;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.cluster.Task.State;
import dev.skep.model.topic.Topics;
import dev.skep.monitor.metrics.Exposition;
import dev.skep.runtime.kafka.Write;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.WithKafka;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@WithKafka
class MonitorServiceIT {
  private static final String WEB = "{stack=\"demo\",service=\"demo_web\"}";

  private RunningMonitor monitor;

  @BeforeEach
  void open(KafkaTest kafka) {
    kafka.wipe();
    monitor = new RunningMonitor(kafka);
  }

  @AfterEach
  void close() {
    monitor.close();
  }

  @Test
  void recordsBecomeMetrics() {
    monitor.start().awaitReady();

    monitor.publish(cluster());

    await().atMost(Duration.ofSeconds(10)).until(() -> desired() != null);
    Exposition metrics = metrics();
    assertThat(metrics.value("skep_service_tasks_desired" + WEB)).isEqualTo(2);
    assertThat(metrics.value("skep_service_tasks_running_effective" + WEB)).isEqualTo(1);
    assertThat(metrics.value("skep_raft_managers")).isEqualTo(1);
    assertThat(metrics.value("skep_route_accepted{route=\"web\",service=\"demo_web\"}"))
        .isEqualTo(1);
    assertThat(metrics.series()).anyMatch(s -> s.startsWith("jvm_") || s.startsWith("skep_events"));
  }

  @Test
  void recordsBecomeJsonInAStableOrder() {
    monitor.publish(cluster());

    monitor.start().awaitReady();

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
    monitor.publish(cluster());

    monitor.start().awaitReady();

    assertThat(names("/api/tasks?service=demo_web", "id")).containsExactly("t1", "t2");
    assertThat(names("/api/tasks?node=m1.example&state=running", "id")).containsExactly("t1");
    assertThat(names("/api/tasks?state=failed", "id")).isEmpty();
  }

  @Test
  void noAnswerIsEverHalfOfWhatTheTopicsHeld() {
    List<Write<?>> tasks = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      tasks.add(put(task("t" + i, "web", "m1", State.RUNNING)));
    }
    monitor.publish(tasks);

    monitor.start();

    List<Integer> codes = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              HttpResponse<String> answer = monitor.get("/api/tasks?limit=1");
              codes.add(answer.statusCode());
              if (answer.statusCode() == 200) {
                assertThat(answer.headers().firstValue("X-Total-Count")).contains("3000");
                assertThat(answer.headers().firstValue("Link").orElse(""))
                    .contains("/api/tasks?limit=1&offset=1");
              }
              return answer.statusCode() == 200;
            });
    assertThat(codes).containsOnly(200, 503).contains(200);
  }

  @Test
  void whatHappenedBeforeTheStartIsStateAndNotCounted() {
    monitor.publish(cluster());
    monitor.publish(List.of(put(failed("t1"))));

    monitor.start().awaitReady();

    Exposition metrics = metrics();
    String failed = "{stack=\"demo\",service=\"demo_web\",state=\"failed\"}";
    assertThat(metrics.value("skep_service_tasks" + failed)).isEqualTo(1);
    assertThat(metrics.value("skep_task_transitions_total" + failed)).isNull();
  }

  @Test
  void aRestartSeenIsCountedWithItsReason() {
    monitor.publish(cluster());
    monitor.start().awaitReady();

    monitor.publish(List.of(put(failed("t1"))));

    String exit = "skep_task_restarts_total{stack=\"demo\",service=\"demo_web\",reason=\"exit\"}";
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(metrics().value(exit)).isEqualTo(1.0));
  }

  @Test
  void whatIsGoneLeavesNoSeries() {
    monitor.publish(cluster());
    monitor.start().awaitReady();

    monitor.publish(
        List.of(
            Write.delete(Topics.SERVICES, Codecs.SERVICES, "web"),
            Write.delete(Topics.NODES, Codecs.NODES, "w1")));

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(monitor.getBare("/metrics").body())
                    .doesNotContain("demo_web\",mode", "w1.example"));
  }

  @Test
  void nothingSealedOrMaskedLeavesByAnyDoor() {
    monitor.publish(cluster());

    monitor.start().awaitReady();

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
    monitor.start().awaitReady();

    HttpResponse<String> answer = monitor.getBare(path);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
  }

  @Test
  void whoHasTheAnswerAlreadyIsToldSo() {
    monitor.publish(cluster());
    monitor.start().awaitReady();
    String etag = monitor.get("/api/nodes").headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> again = monitor.get("/api/nodes", "If-None-Match", etag);

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void anUnknownIdIs404AndABadQuery400BothSayingWhatToDo() {
    monitor.start().awaitReady();

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
    monitor.start().awaitReady();

    HttpResponse<String> answer = monitor.post("/login", "token=wrong");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(answer.body()).contains("role=\"alert\"");
  }

  @Test
  void aFormOfAnotherSiteDoesNotSignIn() {
    monitor.start().awaitReady();

    HttpResponse<String> answer =
        monitor.post("/login", "token=" + RunningMonitor.TOKEN, "Origin", "https://evil.example");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void aSessionReadsAndDoesNothingElse() {
    monitor.start().awaitReady();

    String cookie = monitor.signIn();

    assertThat(monitor.getBare("/api/nodes", "Cookie", cookie).statusCode()).isEqualTo(200);
    assertThat(monitor.post("/api/nodes", "a=b", "Cookie", cookie).statusCode()).isEqualTo(401);
    assertThat(monitor.getBare("/", "Cookie", cookie).statusCode()).isEqualTo(200);
    assertThat(monitor.getBare("/").headers().firstValue("Location")).contains("/login");
  }

  @Test
  void theSessionsCookieIsOutOfReachOfScriptsAndOtherSites() {
    monitor.start().awaitReady();

    HttpResponse<String> answer = monitor.post("/login", "token=" + RunningMonitor.TOKEN);

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Set-Cookie").orElse(""))
        .contains("HttpOnly", "SameSite=Strict", "Path=/")
        .doesNotContain(RunningMonitor.TOKEN);
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'self'");
  }

  @Test
  void signingOutEndsTheSession() {
    monitor.start().awaitReady();
    String cookie = monitor.signIn();

    monitor.post("/logout", "", "Cookie", cookie);

    assertThat(monitor.getBare("/api/nodes", "Cookie", cookie).statusCode()).isEqualTo(401);
  }

  @Test
  void aChangeIsToldToThoseWhoFollow() throws Exception {
    monitor.start().awaitReady();
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
    monitor.start().awaitReady();

    HttpResponse<String> answer =
        monitor.getBare("/metrics", "Accept", "application/openmetrics-text;version=1.0.0");

    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(answer.body()).endsWith("# EOF\n");
  }

  private static List<Write<?>> cluster() {
    Service web =
        service(
            "web",
            2,
            Service.Mode.REPLICATED,
            null,
            Map.of("app.password", "SENTINEL-label"),
            Map.of("DB_PASSWORD", "SENTINEL-environment"));
    return List.of(
        put(node("m1", Node.Role.MANAGER, Node.State.READY, true)),
        put(node("w1", Node.Role.WORKER, Node.State.DOWN, false)),
        put(web),
        put(service("db", 1)),
        put(task("t1", "web", "m1", State.RUNNING)),
        put(task("t2", "web", "w1", State.RUNNING)),
        put(route("web", "web")),
        put(Fixtures.backend("web", "web", 1)),
        put(certificate("example.org", Duration.ofDays(29))),
        put(stack("demo", 2, 1)),
        put(edge("edge-1", 0)));
  }

  private static Task failed(String id) {
    return task(id, "web", "m1", State.FAILED, State.SHUTDOWN, "task: non-zero exit (1)", 1);
  }

  private Double desired() {
    return metrics().value("skep_service_tasks_desired" + WEB);
  }

  private Exposition metrics() {
    return Exposition.parse(monitor.getBare("/metrics").body());
  }

  private List<String> names(String path, String field) {
    List<String> names = new ArrayList<>();
    for (JsonNode one : monitor.json(path)) {
      names.add(one.get(field).asText());
    }
    return names;
  }
}
