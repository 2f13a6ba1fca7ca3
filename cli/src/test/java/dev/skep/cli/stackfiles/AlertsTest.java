package dev.skep.cli.stackfiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.cli.stackfiles.AlertRules.Rule;
import dev.skep.testing.RequiresCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stack's alerts: they parse, fire when they should, and lead to a page that helps. */
@RequiresCommand("promtool")
class AlertsTest {
  private static final Path RUNBOOKS = Path.of("../docs/runbooks");

  @TempDir Path dir;

  @Test
  void prometheusTakesItsConfiguration() throws IOException {
    copy("prometheus.yml");
    copy("alerts.yml");

    String said = promtool("check", "config", "prometheus.yml");

    assertThat(said).contains("1 rule files found", "SUCCESS: %d rules".formatted(rules().size()));
  }

  @Test
  void eachAlertFiresWhereItShouldAndNoneOnAClusterThatIsWell() throws IOException {
    copy("alerts.yml");
    Files.writeString(dir.resolve("alerts_test.yml"), unitTests());

    assertThat(promtool("test", "rules", "alerts_test.yml")).contains("SUCCESS");
  }

  @Test
  void eachAlertHasAUnitTest() throws IOException {
    String tests = unitTests();

    assertThat(rules())
        .extracting(Rule::name)
        .allSatisfy(name -> assertThat(tests).containsPattern("alertname(=\"|: )" + name + "\\b"));
  }

  @Test
  void eachAlertSaysHowBadItIsWhatItMeansAndWhereHelpIs() {
    assertThat(rules())
        .allSatisfy(
            rule -> {
              assertThat(rule.labels().get("severity")).isIn("critical", "warning", "none");
              assertThat(rule.notes()).containsOnlyKeys("summary", "description", "runbook_url");
              assertThat(rule.notes().get("runbook_url"))
                  .isEqualTo("docs/runbooks/%s.md", rule.name());
              assertThat(RUNBOOKS.resolve(rule.name() + ".md"))
                  .content()
                  .startsWith("# " + rule.name() + "\n")
                  .contains("## What it means", "## What to do");
            });
  }

  @Test
  void thereIsNoPageWithoutAnAlert() throws IOException {
    Set<String> pages;
    try (Stream<Path> files = Files.list(RUNBOOKS)) {
      pages =
          files
              .map(file -> file.getFileName().toString().replace(".md", ""))
              .filter(name -> !name.equals("README"))
              .collect(Collectors.toCollection(TreeSet::new));
    }

    assertThat(pages)
        .isEqualTo(rules().stream().map(Rule::name).collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void noAlertAsksForAMetricThatNoPageDescribes() {
    assertThat(rules())
        .allSatisfy(
            rule ->
                assertThat(AlertRules.documented())
                    .as(rule.name())
                    .containsAll(AlertRules.metrics(rule.expression())));
  }

  private static List<Rule> rules() {
    return AlertRules.read();
  }

  private String promtool(String... arguments) {
    List<String> command = List.of("sh", "-c", "cd \"$0\" && exec promtool \"$@\"", dir.toString());
    return Docker.ok(Stream.concat(command.stream(), Stream.of(arguments)).toList());
  }

  private void copy(String name) throws IOException {
    Files.copy(EngineProxy.file(name), dir.resolve(name));
  }

  private static String unitTests() throws IOException {
    try (InputStream in = AlertsTest.class.getResourceAsStream("/stackfiles/alerts_test.yml")) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
