package dev.skep.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * What is said of a series of durations.
 *
 * @param sorted milliseconds, ascending
 */
record Percentiles(List<Double> sorted) {
  static Percentiles of(List<Double> millis) {
    return new Percentiles(millis.stream().sorted().toList());
  }

  /** The smallest value that at least {@code q} of all do not exceed (nearest rank). */
  double at(double q) {
    int rank = (int) Math.ceil(q * sorted.size());
    return sorted.get(Math.max(0, rank - 1));
  }

  String row(String name) {
    return String.format(
        Locale.ROOT,
        "%-44s %6d %8.0f %8.0f %8.0f %8.0f %8.0f",
        name,
        sorted.size(),
        sorted.getFirst(),
        at(0.50),
        at(0.90),
        at(0.99),
        sorted.getLast());
  }

  static String header() {
    return String.format(
        Locale.ROOT, "%-44s %6s %8s %8s %8s %8s %8s", "ms", "n", "min", "p50", "p90", "p99", "max");
  }
}
