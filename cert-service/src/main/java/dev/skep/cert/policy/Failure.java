package dev.skep.cert.policy;

import java.time.Duration;
import java.util.Objects;

/**
 * Why an attempt failed.
 *
 * @param kind whether time alone may heal it
 * @param reason as a condition's reason: one CamelCase word
 * @param message for a person: what was answered and what to do; free of secrets
 * @param retryAfter how long the CA asks to be left alone; null if it did not say
 * @param orderLost whether the order under way is of no use any more
 */
public record Failure(
    Kind kind, String reason, String message, Duration retryAfter, boolean orderLost) {

  /** Whether time alone may heal it. */
  public enum Kind {
    RETRIABLE,
    /** Someone must do something first. */
    TERMINAL
  }

  public Failure {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(message, "message");
  }

  /** A failure that may pass by itself; the order is kept. */
  public static Failure retriable(String reason, String message) {
    return new Failure(Kind.RETRIABLE, reason, message, null, false);
  }

  /** A failure that someone must put right; the order is given up. */
  public static Failure terminal(String reason, String message) {
    return new Failure(Kind.TERMINAL, reason, message, null, true);
  }
}
