package dev.skep.deployer.source.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Bounds how often a host is asked. Pure but for its memory; not thread-safe. */
public final class Pace {
  /** GitHub's secondary limit is 80 changes a minute. */
  private static final int MOST = 60;

  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final Deque<Instant> taken = new ArrayDeque<>();

  /** Takes a place, if there is one now. */
  public boolean take(Instant now) {
    while (!taken.isEmpty() && !taken.getFirst().plus(WITHIN).isAfter(now)) {
      taken.removeFirst();
    }
    if (taken.size() >= MOST) {
      return false;
    }
    taken.addLast(now);
    return true;
  }

  /** How long until there is a place; zero if there is one. */
  public Duration left(Instant now) {
    if (taken.size() < MOST) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(now, taken.getFirst().plus(WITHIN));
    return left.isNegative() ? Duration.ZERO : left;
  }
}
