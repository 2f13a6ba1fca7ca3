package dev.skep.runtime.kafka;

/** Another process writes as the same principal, and is newer: this one must end. */
public final class FencedException extends PublishException {
  private static final long serialVersionUID = 1L;

  public FencedException(String message, Throwable cause) {
    super(message, cause);
  }
}
