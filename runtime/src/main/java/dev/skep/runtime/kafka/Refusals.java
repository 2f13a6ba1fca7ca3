package dev.skep.runtime.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the broker refuses, said once a minute: every reader and writer of a process meets the same
 * refusal, again and again, and none of them can do anything about it. Thread-safe.
 */
public final class Refusals {
  private static final Logger log = LoggerFactory.getLogger(Refusals.class);
  private static final Duration AGAIN = Duration.ofMinutes(1);
  private static final Refusals OF_THIS_PROCESS = new Refusals(System::nanoTime);

  private final LongSupplier nanos;
  private final Map<String, Long> saidAt = new ConcurrentHashMap<>();

  /**
   * Has said nothing yet.
   *
   * @param nanos as {@link System#nanoTime}
   */
  Refusals(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Logs a failure if it is a refusal, unless that was said within the last minute.
   *
   * @return whether it is one: then the caller need not log it
   */
  public static boolean say(KafkaConfig kafka, Throwable failure) {
    String reason = reason(failure);
    if (reason == null) {
      return false;
    }
    if (OF_THIS_PROCESS.due(kafka.bootstrapServers() + " " + reason)) {
      log.atWarn()
          .addKeyValue("broker", kafka.bootstrapServers())
          .addKeyValue("reason", reason)
          .log("Refused; trying on, and saying so once a minute");
    }
    return true;
  }

  /** Whether this was not said within the last minute; then it counts as said now. */
  boolean due(String what) {
    long now = nanos.getAsLong();
    boolean[] due = new boolean[1];
    saidAt.compute(
        what,
        (key, before) -> {
          due[0] = before == null || now - before >= AGAIN.toNanos();
          return due[0] ? Long.valueOf(now) : before;
        });
    return due[0];
  }

  /** Whether it is about certificates: soon again is no better then. */
  static boolean ofTrust(Throwable failure) {
    return find(failure, AuthenticationException.class) != null;
  }

  /** Null if it is no refusal. */
  static String reason(Throwable failure) {
    AuthenticationException trust = find(failure, AuthenticationException.class);
    if (trust != null) {
      return TlsFailure.text(trust);
    }
    AuthorizationException right = find(failure, AuthorizationException.class);
    return right == null
        ? null
        : right.getMessage() + " (skep kafka-init gives every service its rights)";
  }

  private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }
}
