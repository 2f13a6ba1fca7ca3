package dev.skep.cert.policy;

import dev.skep.model.cert.Certificate;
import java.time.Instant;

/** What is to be done about one certificate. */
public sealed interface Decision {
  /** There is nothing to be done, now or later. */
  record Nothing() implements Decision {}

  /**
   * All is well.
   *
   * @param until when to look again, at the latest
   */
  record Idle(Instant until) implements Decision {}

  /**
   * An attempt failed, and the next one is not due.
   *
   * @param until when it is
   */
  record Backoff(Instant until) implements Decision {}

  /**
   * Nobody wants it any more, but it is valid: edges may still serve it, and a route that comes
   * back finds it. It is not renewed.
   *
   * @param until when it expires
   */
  record Keep(Instant until) implements Decision {}

  /** Nobody wants it, and it is not valid: away with the record. */
  record Remove() implements Decision {}

  /**
   * It cannot be issued as it is asked for.
   *
   * @param why for a person
   */
  record Refuse(String why) implements Decision {}

  /**
   * A certificate is to be issued: anew, or by resuming the order under way.
   *
   * @param why in a word, for logs and conditions
   * @param next the record from which to go: the new issuer in place, old orders dropped
   */
  record Issue(String why, Certificate next) implements Decision {}
}
