package dev.skep.monitor.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.monitor.DemoCluster;
import dev.skep.monitor.Fixtures;
import dev.skep.monitor.cluster.ClusterModel;
import dev.skep.testing.RequiresCommand;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClusterMetricsTest {
  private final ClusterModel model = DemoCluster.model();

  @Test
  void nodesAndQuorum() {
    Exposition metrics = Exposition.parse(scrape(TextFormat.CONTENT_TYPE_004, true));

    assertThat(metrics.value("skep_node_state{node=\"w2.example\",node_id=\"w2\",state=\"down\"}"))
        .isEqualTo(1);
    assertThat(metrics.value("skep_node_state{node=\"w2.example\",node_id=\"w2\",state=\"ready\"}"))
        .isZero();
    assertThat(metrics.value("skep_node_manager_leader{node=\"m1.example\",node_id=\"m1\"}"))
        .isEqualTo(1);
    assertThat(metrics.value("skep_node_capacity_cpu_cores{node=\"w1.example\",node_id=\"w1\"}"))
        .isEqualTo(4);
    assertThat(metrics.value("skep_raft_quorum_margin")).isEqualTo(1);
  }

  @Test
  void servicesWithWhatRunsAndWhatRunsEffectively() {
    Exposition metrics = Exposition.parse(scrape(TextFormat.CONTENT_TYPE_004, true));

    String agent = "{stack=\"demo\",service=\"demo_agent\"}";
    assertThat(metrics.value("skep_service_tasks_desired" + agent)).isEqualTo(5);
    assertThat(metrics.value("skep_service_tasks_running" + agent)).isEqualTo(5);
    assertThat(metrics.value("skep_service_tasks_running_effective" + agent)).isEqualTo(4);
    assertThat(
            metrics.value(
                "skep_service_update_state"
                    + "{stack=\"demo\",service=\"demo_api\",state=\"paused\"}"))
        .isEqualTo(1);
    assertThat(
            metrics.value(
                "skep_tasks_unplaceable"
                    + "{stack=\"demo\",service=\"demo_db\",reason=\"constraints\"}"))
        .isEqualTo(1);
    assertThat(
            metrics.value(
                "skep_task_restarts_total"
                    + "{stack=\"demo\",service=\"demo_api\",reason=\"health\"}"))
        .isEqualTo(1);
    assertThat(
            metrics.value(
                "skep_task_start_duration_seconds_bucket"
                    + "{stack=\"demo\",service=\"demo_api\",le=\"2.5\"}"))
        .isEqualTo(2);
  }

  @Test
  void routesEdgesCertificatesAndStacks() {
    Exposition metrics = Exposition.parse(scrape(TextFormat.CONTENT_TYPE_004, true));

    assertThat(metrics.value("skep_route_accepted{route=\"api\",service=\"demo_api\"}")).isZero();
    assertThat(metrics.value("skep_backend_servers{backend=\"whoami\",state=\"drain\"}"))
        .isEqualTo(1);
    assertThat(metrics.value("skep_edge_applied_revision{edge=\"edge-2\",topic=\"skep.routes\"}"))
        .isEqualTo(38);
    assertThat(metrics.value("skep_edge_config_revision{edge=\"edge-2\",topic=\"skep.routes\"}"))
        .isEqualTo(41);
    assertThat(metrics.value("skep_edge_reloads_total{edge=\"edge-1\"}")).isEqualTo(3);
    assertThat(
            metrics.value(
                "skep_certificate_not_after_timestamp_seconds"
                    + "{name=\"example.org\",issuer=\"internal\"}"))
        .isEqualTo((double) Fixtures.NOW.plus(Duration.ofDays(29)).getEpochSecond());
    assertThat(metrics.value("skep_stack_drift{stack=\"demo\"}")).isEqualTo(1);
    assertThat(metrics.value("skep_stack_drift{stack=\"tools\"}")).isZero();
    assertThat(metrics.value("skep_deployments_total{stack=\"demo\",result=\"failed\"}"))
        .isEqualTo(1);
    assertThat(metrics.value("skep_deployments_total{stack=\"tools\",result=\"failed\"}")).isZero();
  }

  @Test
  void halfAClusterIsNotShown() {
    Exposition metrics = Exposition.parse(scrape(TextFormat.CONTENT_TYPE_004, false));

    assertThat(metrics.series()).containsExactly("skep_monitor_ready");
    assertThat(metrics.value("skep_monitor_ready")).isZero();
  }

  @Test
  void noFreeTextIsALabel() {
    String text = scrape(TextFormat.CONTENT_TYPE_004, true);

    assertThat(text).doesNotContain("unhealthy container", "no suitable node", "held by");
  }

  @Test
  void openMetricsHasTheSameAndEnds() {
    String text = scrape(TextFormat.CONTENT_TYPE_OPENMETRICS_100, true);

    assertThat(text).endsWith("# EOF\n").contains("# TYPE skep_node info\n");
    assertThat(text).contains("# TYPE skep_task_restarts counter\n");
  }

  @Test
  @RequiresCommand("promtool")
  void promtoolFindsNothingToSay() throws IOException, InterruptedException {
    String text = scrape(TextFormat.CONTENT_TYPE_004, true);
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();

    try (OutputStream in = promtool.getOutputStream()) {
      in.write(text.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(said).isEmpty();
    assertThat(promtool.waitFor()).isZero();
  }

  @Test
  void everyMetricStandsInTheDocumentation() throws IOException {
    String page =
        Files.readString(Path.of(System.getProperty("skep.root"), "docs", "monitoring.md"));

    Stream<String> undocumented =
        Exposition.parse(scrape(TextFormat.CONTENT_TYPE_004, true)).series().stream()
            .map(s -> s.replaceAll("\\{.*", "").replaceAll("_(bucket|sum|count)$", ""))
            .distinct()
            .filter(name -> !page.contains("`" + name + "`"));

    assertThat(undocumented).isEmpty();
  }

  private String scrape(String contentType, boolean ready) {
    CollectorRegistry registry = new CollectorRegistry();
    registry.register(new ClusterCollector(model::snapshot, () -> ready));
    StringWriter out = new StringWriter();
    try {
      TextFormat.writeFormat(contentType, out, registry.metricFamilySamples());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toString();
  }
}
