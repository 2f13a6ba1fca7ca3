package dev.skep.cli.stack;

import java.time.Duration;

/** Lengths of time in one unit, rounded down, as a table has room for. */
final class Ages {
  private Ages() {}

  /** As {@code 12s}, {@code 5m}, {@code 3h} or {@code 9d}; clocks that differ give {@code 0s}. */
  static String of(Duration age) {
    if (age.isNegative() || age.toMinutes() == 0) {
      return Math.max(0, age.toSeconds()) + "s";
    }
    if (age.toHours() == 0) {
      return age.toMinutes() + "m";
    }
    return age.toDays() == 0 ? age.toHours() + "h" : age.toDays() + "d";
  }
}
