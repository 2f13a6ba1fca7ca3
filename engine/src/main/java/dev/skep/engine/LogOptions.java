package dev.skep.engine;

import java.time.Instant;
import java.util.Locale;

/**
 * Which lines of a service's log to read.
 *
 * @param follow whether to go on with what is written from now on
 * @param tail how many of the last lines of each task to begin with; {@link #ALL} for all
 * @param since only what was written since then, by the nodes' clocks; null for no limit
 * @param timestamps whether each line carries its time
 */
public record LogOptions(boolean follow, int tail, Instant since, boolean timestamps) {
  /** Every line that the Engine has kept. */
  public static final int ALL = -1;

  public LogOptions {
    if (tail < ALL) {
      throw new IllegalArgumentException("a tail must not be negative: " + tail);
    }
  }

  /** The call's parameters; details name the task of each line. */
  Query query() {
    return Query.of("stdout", "true", "stderr", "true", "details", "true")
        .and("follow", follow ? "true" : null)
        .and("timestamps", timestamps ? "true" : null)
        .and("tail", tail == ALL ? "all" : Integer.toString(tail))
        .and("since", since == null ? null : seconds(since));
  }

  private static String seconds(Instant time) {
    return String.format(Locale.ROOT, "%d.%09d", time.getEpochSecond(), time.getNano());
  }
}
