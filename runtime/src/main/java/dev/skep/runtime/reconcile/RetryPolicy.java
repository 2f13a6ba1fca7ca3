package dev.skep.runtime.reconcile;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failure: {@code initial * factor^(attempt-1)}, at most {@code max}, each
 * shortened by a random part of up to {@code jitter}, so that what failed together is not tried
 * again together.
 *
 * @param initial the first wait
 * @param factor at least 1
 * @param max the longest wait
 * @param jitter from 0 (none) to 1
 */
public record RetryPolicy(Duration initial, double factor, Duration max, double jitter) {
  public RetryPolicy {
    if (initial.isNegative() || max.compareTo(initial) < 0) {
      throw new IllegalArgumentException("initial must not be negative, nor longer than max");
    }
    if (factor < 1 || jitter < 0 || jitter > 1) {
      throw new IllegalArgumentException("factor must be at least 1, jitter from 0 to 1");
    }
  }

  /** From 200 ms, doubled, to 30 s, with 20 % jitter. */
  public static RetryPolicy standard() {
    return new RetryPolicy(Duration.ofMillis(200), 2, Duration.ofSeconds(30), 0.2);
  }

  /**
   * The wait after a failure.
   *
   * @param attempt which one failed, from 1
   */
  public Duration delay(int attempt, RandomGenerator random) {
    double wanted = initial.toMillis() * Math.pow(factor, Math.max(0, attempt - 1));
    double bounded = Math.min(wanted, (double) max.toMillis());
    return Duration.ofMillis(Math.round(bounded * (1 - jitter * random.nextDouble())));
  }
}
