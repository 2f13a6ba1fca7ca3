package dev.skep.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured of pushes, and how it is told. Pure. */
final class PushFigures {
  /** What is promised, in milliseconds. */
  static final double PROMISED = 2000;

  /** Where a measurement ends. */
  enum Until {
    ACCEPTED("to the deployment's beginning"),
    FIRST("to the first change in Swarm"),
    LAST("to the last change in Swarm"),
    RECORD("to the deployment's end");

    private final String title;

    Until(String title) {
      this.title = title;
    }
  }

  /**
   * A kind of push.
   *
   * @param key as the figures' line has it
   * @param title as the table has it
   * @param promised what must not take longer than {@link #PROMISED}
   */
  record Kind(String key, String title, Until promised) {}

  private record Row(Kind kind, Until until) {}

  /** In the order in which they were first measured. */
  private final Map<Row, List<Double>> figures = new LinkedHashMap<>();

  void add(Kind kind, Until until, double millis) {
    figures.computeIfAbsent(new Row(kind, until), r -> new ArrayList<>()).add(millis);
  }

  /** A table in Markdown, in milliseconds. */
  String table() {
    StringBuilder table =
        new StringBuilder("| from a push, ms | n | min | p50 | p90 | p99 | max |\n|")
            .append("---|".repeat(7))
            .append('\n');
    figures.forEach(
        (row, all) -> {
          Percentiles of = Percentiles.of(all);
          table.append(
              String.format(
                  Locale.ROOT,
                  "| %s: %s | %d | %.0f | %.0f | %.0f | %.0f | %.0f |%n",
                  row.kind().title(),
                  row.until().title,
                  all.size(),
                  of.sorted().getFirst(),
                  of.at(0.5),
                  of.at(0.9),
                  of.at(0.99),
                  of.sorted().getLast()));
        });
    return table.toString();
  }

  /** Medians and largest as {@code kind.until_p50_ms=value}. */
  String line() {
    StringBuilder line = new StringBuilder();
    figures.forEach(
        (row, all) -> {
          Percentiles of = Percentiles.of(all);
          String key = row.kind().key() + "." + row.until().name().toLowerCase(Locale.ROOT);
          line.append(
              String.format(
                  Locale.ROOT,
                  " %1$s_p50_ms=%2$.0f %1$s_max_ms=%3$.0f",
                  key,
                  of.at(0.5),
                  of.sorted().getLast()));
        });
    return line.toString();
  }

  /** How many pushes took longer than is promised. */
  long missed() {
    return figures.entrySet().stream()
        .filter(row -> row.getKey().until() == row.getKey().kind().promised())
        .flatMap(row -> row.getValue().stream())
        .filter(millis -> millis > PROMISED)
        .count();
  }
}
