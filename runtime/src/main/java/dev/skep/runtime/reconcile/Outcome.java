package dev.skep.runtime.reconcile;

import java.time.Duration;

/** How a reconciliation ended. An exception is the third way: it is retried with backoff. */
public sealed interface Outcome {
  /** Observed is as desired. */
  record Done() implements Outcome {}

  /**
   * Look again later: something outside needs time. Not a failure: the attempt count starts anew.
   *
   * @param delay until then
   */
  record RetryAfter(Duration delay) implements Outcome {}

  /** Observed is as desired. */
  static Outcome done() {
    return new Done();
  }

  /** Look again after {@code delay}. */
  static Outcome retryAfter(Duration delay) {
    return new RetryAfter(delay);
  }
}
