package dev.skep.cli.stackfiles;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import dev.skep.testing.RequiresCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The dashboards' rules. Grafana itself is not run: there is no image of it where no registry is in
 * reach.
 */
@RequiresCommand("promtool")
class DashboardsTest {
  private static final Path GRAFANA = EngineProxy.file("grafana");
  private static final String DATASOURCE = "${datasource}";

  @TempDir Path dir;

  static Stream<Path> dashboards() throws IOException {
    try (Stream<Path> files = Files.list(GRAFANA.resolve("dashboards"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void nobodyEditsItAndTheDataSourceIsAVariable(Path file) {
    JsonNode board = json(file);

    assertThat(board.path("editable").asBoolean(true)).isFalse();
    assertThat(board.path("title").asText()).startsWith("Skep: ");
    assertThat(board.path("uid").asText())
        .isEqualTo("skep-" + file.getFileName().toString().replace(".json", ""));
    assertThat(board.at("/templating/list/0/name").asText()).isEqualTo("datasource");
    assertThat(board.at("/templating/list/0/type").asText()).isEqualTo("datasource");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void eachPanelSaysWhatItShowsInWhichUnit(Path file) {
    assertThat(panels(file))
        .isNotEmpty()
        .allSatisfy(
            panel -> {
              assertThat(panel.path("title").asText()).isNotBlank();
              assertThat(panel.path("description").asText()).endsWith(".");
              assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotBlank();
              assertThat(panel.at("/datasource/uid").asText()).isEqualTo(DATASOURCE);
              assertThat(panel.path("targets")).isNotEmpty();
            });
    assertThat(panels(file)).extracting(p -> p.path("id").asInt()).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void noTwoPanelsOverlap(Path file) {
    List<int[]> cells = new ArrayList<>();
    for (JsonNode panel : panels(file)) {
      JsonNode at = panel.path("gridPos");
      assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
      for (int x = 0; x < at.path("w").asInt(); x++) {
        for (int y = 0; y < at.path("h").asInt(); y++) {
          cells.add(new int[] {at.path("x").asInt() + x, at.path("y").asInt() + y});
        }
      }
    }
    assertThat(cells.stream().map(c -> c[0] + "," + c[1])).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void whatItAsksIsPromqlOverMetricsThatThereAre(Path file) throws IOException {
    StringBuilder rules = new StringBuilder("groups:\n  - name: lint\n    rules:\n");
    for (JsonNode panel : panels(file)) {
      for (JsonNode target : panel.path("targets")) {
        String expression = target.path("expr").asText();
        assertThat(target.at("/datasource/uid").asText()).isEqualTo(DATASOURCE);
        assertThat(expression).doesNotContainPattern("(rate|increase)\\([^)]*\\[[0-9]");
        assertThat(AlertRules.documented()).containsAll(AlertRules.metrics(expression));
        rules
            .append("      - record: lint:panel\n        expr: ")
            .append(Json.mapper().writeValueAsString(expression.replace("$__rate_interval", "5m")))
            .append("\n        labels: { panel: \"")
            .append(panel.path("id").asInt())
            .append(target.path("refId").asText())
            .append("\" }\n");
      }
    }
    Path lint = Files.writeString(dir.resolve("lint.yml"), rules);

    assertThat(Docker.ok(List.of("promtool", "check", "rules", lint.toString())))
        .contains("SUCCESS");
  }

  @Test
  void provisioningNamesTheStacksPrometheusAndTheDashboardsDirectory() {
    Map<?, ?> sources =
        (Map<?, ?>) AlertRules.yaml(GRAFANA.resolve("provisioning/datasources/skep.yml"));
    Map<?, ?> source = (Map<?, ?>) ((List<?>) sources.get("datasources")).get(0);
    String provider = AlertRules.text(GRAFANA.resolve("provisioning/dashboards/skep.yml"));

    assertThat(source.get("url")).isEqualTo("http://prometheus:9090");
    assertThat(provider).contains("path: /etc/skep/dashboards", "allowUiUpdates: false");
    assertThat(AlertRules.text(Path.of("../stack.yml")))
        .contains(
            "target: /etc/grafana/provisioning/datasources/skep.yml",
            "target: /etc/grafana/provisioning/dashboards/skep.yml",
            "target: /etc/skep/dashboards/cluster.json",
            "target: /etc/skep/dashboards/edge.json");
  }

  private static List<JsonNode> panels(Path file) {
    return StreamSupport.stream(json(file).path("panels").spliterator(), false).toList();
  }

  private static JsonNode json(Path file) {
    try {
      return Json.mapper().readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
