package dev.skep.runtime.http;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How many failed requests are written down one by one: per minute some of each caller and address,
 * and not many of all together, so that a flood fills no disk. The rest are counted. Not
 * thread-safe.
 */
final class AuditLimit {
  static final int OF_EACH = 10;
  static final int OF_ALL = 100;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final Map<String, Integer> written = new HashMap<>();
  private Instant end = Instant.MIN;
  private int total;
  private long leftOut;

  /**
   * Whether one is written.
   *
   * @param who sent it
   */
  boolean admits(String who, Instant now) {
    if (!now.isBefore(end)) {
      end = now.plus(WINDOW);
      written.clear();
      total = 0;
    }
    int before = written.getOrDefault(who, 0);
    if (total >= OF_ALL || before >= OF_EACH) {
      leftOut++;
      return false;
    }
    written.put(who, before + 1);
    total++;
    return true;
  }

  /** How many were left out until the last full minute's end; counts anew from then on. */
  long takeLeftOut(Instant now) {
    if (leftOut == 0 || now.isBefore(end)) {
      return 0;
    }
    long count = leftOut;
    leftOut = 0;
    return count;
  }
}
