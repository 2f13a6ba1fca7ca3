package dev.skep.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured, and how it is told. Pure. */
final class DeployFigures {
  /** What is measured of a deployment, in milliseconds. */
  enum Measure {
    DOCKER("docker stack deploy -d"),
    DIRECT("skep --direct"),
    ACCEPTED("deployer: accepted to last answer"),
    ENGINE("deployer: accepted to last change in Swarm"),
    WALL("skep through the deployer");

    private final String title;

    Measure(String title) {
      this.title = title;
    }

    /** As the figures' line has it. */
    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** By step, in the order in which they were first measured. */
  private final Map<String, Map<Measure, List<Double>>> figures = new LinkedHashMap<>();

  void add(String step, Measure measure, double millis) {
    figures
        .computeIfAbsent(step, s -> new EnumMap<>(Measure.class))
        .computeIfAbsent(measure, m -> new ArrayList<>())
        .add(millis);
  }

  /**
   * A table in Markdown: the median, what it is to the client's, and the smallest and largest. What
   * was not measured is left empty.
   */
  String table() {
    StringBuilder table = new StringBuilder("| ms |");
    for (Measure measure : Measure.values()) {
      table.append(' ').append(measure.title).append(" |");
    }
    table.append("\n|---|").append("---|".repeat(Measure.values().length)).append('\n');
    figures.forEach(
        (step, row) -> {
          table.append("| ").append(step).append(" |");
          for (Measure measure : Measure.values()) {
            table.append(' ').append(cell(row, measure)).append(" |");
          }
          table.append('\n');
        });
    return table.toString();
  }

  private static String cell(Map<Measure, List<Double>> row, Measure measure) {
    List<Double> all = row.get(measure);
    if (all == null) {
      return "";
    }
    Percentiles of = Percentiles.of(all);
    String text = String.format(Locale.ROOT, "%.0f", of.at(0.5));
    if (measure != Measure.DOCKER && row.containsKey(Measure.DOCKER)) {
      text += String.format(Locale.ROOT, " (x%.2f)", of.at(0.5) / median(row, Measure.DOCKER));
    }
    return all.size() == 1
        ? text
        : text
            + String.format(
                Locale.ROOT, " [%.0f, %.0f]", of.sorted().getFirst(), of.sorted().getLast());
  }

  private static double median(Map<Measure, List<Double>> row, Measure measure) {
    return Percentiles.of(row.get(measure)).at(0.5);
  }

  /** The medians as {@code step.measure_ms=value}, blanks in the step's name as "-". */
  String line() {
    StringBuilder line = new StringBuilder();
    figures.forEach(
        (step, row) ->
            row.keySet()
                .forEach(
                    measure ->
                        line.append(
                            String.format(
                                Locale.ROOT,
                                " %s.%s_ms=%.0f",
                                step.replace(' ', '-'),
                                measure.key(),
                                median(row, measure)))));
    return line.toString();
  }
}
