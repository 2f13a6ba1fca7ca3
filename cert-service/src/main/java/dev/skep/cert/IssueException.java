package dev.skep.cert;

import dev.skep.cert.policy.Failure;

/** A certificate was not issued; {@link #failure} says why and what becomes of the order. */
public final class IssueException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  public IssueException(Failure failure) {
    this(failure, null);
  }

  public IssueException(Failure failure, Throwable cause) {
    super(failure.message(), cause);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
