package dev.skep.monitor.metrics;

import java.time.Instant;
import java.util.Locale;

/** How values of the model are written as metrics. */
final class Values {
  private Values() {}

  static double bit(boolean value) {
    return value ? 1 : 0;
  }

  /** Null: "unknown", as a newer writer may know more constants than this reader. */
  static String label(Enum<?> value) {
    return value == null ? "unknown" : value.name().toLowerCase(Locale.ROOT);
  }

  static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }
}
