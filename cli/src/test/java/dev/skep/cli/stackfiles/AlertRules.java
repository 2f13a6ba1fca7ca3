package dev.skep.cli.stackfiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The stack's alerts as they are written, and what the product's pages say of metrics. */
final class AlertRules {
  private static final Pattern METRIC = Pattern.compile("\\bskep_[a-z0-9_]+");

  private AlertRules() {}

  /** One rule. */
  record Rule(
      String name, String expression, Map<String, String> labels, Map<String, String> notes) {}

  static List<Rule> read() {
    Map<?, ?> file = (Map<?, ?>) yaml(EngineProxy.file("alerts.yml"));
    return ((List<?>) file.get("groups"))
        .stream()
            .flatMap(group -> ((List<?>) ((Map<?, ?>) group).get("rules")).stream())
            .map(rule -> rule((Map<?, ?>) rule))
            .toList();
  }

  private static Rule rule(Map<?, ?> rule) {
    return new Rule(
        (String) rule.get("alert"),
        (String) rule.get("expr"),
        strings(rule.get("labels")),
        strings(rule.get("annotations")));
  }

  private static Map<String, String> strings(Object map) {
    Map<String, String> result = new java.util.TreeMap<>();
    ((Map<?, ?>) map).forEach((key, value) -> result.put((String) key, (String) value));
    return result;
  }

  static Object yaml(Path file) {
    return new Load(LoadSettings.builder().build()).loadFromString(text(file));
  }

  /** Our metrics that an expression names, without what histograms add. */
  static Set<String> metrics(String text) {
    Set<String> names = new TreeSet<>();
    METRIC
        .matcher(text)
        .results()
        .forEach(match -> names.add(match.group().replaceFirst("_(bucket|sum|count)$", "")));
    return names;
  }

  /** Every metric of ours that a page of the product describes. */
  static Set<String> documented() {
    return metrics(
        text(Path.of("../docs/monitoring.md"))
            + text(Path.of("../runtime/README.md"))
            + text(Path.of("../cert-service/README.md"))
            + text(Path.of("../inventory-service/README.md"))
            + text(Path.of("../edge-config-service/README.md")));
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
