package dev.skep.cert.acme;

import java.io.IOException;
import java.time.Duration;

/**
 * The CA answered 429 or 5xx. acme4j keeps a Retry-After only with problem documents of one type;
 * load balancers in front of a CA send none.
 */
final class ServerBusyException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final Duration retryAfter;

  /**
   * An answer.
   *
   * @param detail what it said, for a person; may be empty
   * @param retryAfter null if it did not say
   */
  ServerBusyException(int status, String detail, Duration retryAfter) {
    super(detail.isEmpty() ? "HTTP " + status : "HTTP " + status + ": " + detail);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  int status() {
    return status;
  }

  /** Null if the CA did not say. */
  Duration retryAfter() {
    return retryAfter;
  }
}
