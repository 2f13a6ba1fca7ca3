package dev.skep.cli.stackfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import dev.skep.testing.Ports;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real Prometheus and Alertmanager with the stack's files: they find the parts by their names,
 * evaluate every rule, and what fires arrives. The parts' metrics are a simulation, of one line.
 */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage({PrometheusIT.PROMETHEUS, PrometheusIT.ALERTMANAGER, EngineProxy.IMAGE})
class PrometheusIT {
  static final String PROMETHEUS = "prom/prometheus:v3.5.0";
  static final String ALERTMANAGER = "prom/alertmanager:v0.33.0";
  private static final String ID = "skep-prometheus-it-" + ProcessHandle.current().pid();
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path dir;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> containers = new ArrayList<>();
  private final int prometheus = Ports.free();
  private final int alertmanager = Ports.free();

  @BeforeEach
  void start() throws IOException {
    Docker.docker("network", "create", ID);
    Path parts = Files.writeString(dir.resolve("parts.cfg"), parts());
    run(
        "parts",
        List.of(
            "--network-alias", "tasks.monitor",
            "--network-alias", "tasks.inventory",
            "-v", parts + ":/usr/local/etc/haproxy/haproxy.cfg:ro"),
        EngineProxy.IMAGE);
    run(
        "alertmanager",
        List.of(
            "--network-alias",
            "tasks.alertmanager",
            "-p",
            "127.0.0.1:" + alertmanager + ":9093",
            "-v",
            EngineProxy.file("alertmanager.yml") + ":/etc/alertmanager/alertmanager.yml:ro"),
        ALERTMANAGER,
        "--config.file=/etc/alertmanager/alertmanager.yml",
        "--storage.path=/alertmanager",
        "--cluster.listen-address=");
    run(
        "prometheus",
        List.of(
            "-p",
            "127.0.0.1:" + prometheus + ":9090",
            "-v",
            shortIntervals() + ":/etc/prometheus/prometheus.yml:ro",
            "-v",
            EngineProxy.file("alerts.yml") + ":/etc/prometheus/alerts.yml:ro"),
        PROMETHEUS,
        "--config.file=/etc/prometheus/prometheus.yml",
        "--storage.tsdb.path=/prometheus",
        // What fires before Alertmanager is found is told again soon, not after a minute.
        "--rules.alert.resend-delay=2s");
  }

  @AfterEach
  void end() {
    http.close();
    containers.forEach(container -> Docker.docker("rm", "-f", "-v", container));
    Docker.docker("network", "rm", ID);
  }

  @Test
  void theFilesLoadThePartsAreFoundAndAlertsArrive() {
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              JsonNode groups = get(prometheus, "/api/v1/rules").at("/data/groups");
              assertThat(groups.findValuesAsText("health"))
                  .hasSize(AlertRules.read().size())
                  .containsOnly("ok");
            });
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(up())
                    .containsExactlyInAnyOrder(
                        "alertmanager/alertmanager", "inventory/inventory", "monitor/monitor"));
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(get(alertmanager, "/api/v2/alerts").findValuesAsText("alertname"))
                    .contains("Watchdog"));
  }

  /** Job and instance of what answers. */
  private List<String> up() {
    JsonNode result = get(prometheus, "/api/v1/query?query=up%3D%3D1").at("/data/result");
    return StreamSupport.stream(result.spliterator(), false)
        .map(r -> r.at("/metric/job").asText() + "/" + r.at("/metric/instance").asText())
        .toList();
  }

  private static String parts() {
    return """
    defaults
      mode http
      timeout client 5s
    frontend parts
      bind :8421
      bind :8425
      http-request return status 200 content-type "text/plain; version=0.0.4" string "skep_monitor_ready 1\\n" if { path /metrics }
    """;
  }

  /** The stack's file, asking every second. */
  private Path shortIntervals() throws IOException {
    String text = Files.readString(EngineProxy.file("prometheus.yml"));
    String shorter = text.replaceAll("(_interval|_timeout): [0-9]+s", "$1: 1s");
    assertThat(shorter).isNotEqualTo(text);
    return Files.writeString(dir.resolve("prometheus.short-intervals.yml"), shorter);
  }

  private void run(String name, List<String> options, String image, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("run", "-d", "--name", ID + "-" + name, "--network", ID));
    command.addAll(options);
    command.add(image);
    command.addAll(List.of(arguments));
    containers.add(ID + "-" + name);
    Docker.docker(command);
  }

  private JsonNode get(int port, String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return Json.mapper().readTree(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
