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
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From records in the topics to metrics. */
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
    assertThat(monitor.fatal()).isNull();
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

  static List<Write<?>> cluster() {
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
    return Exposition.parseOurs(monitor.getBare("/metrics").body());
  }
}
