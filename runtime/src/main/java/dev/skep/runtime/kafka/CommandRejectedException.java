package dev.skep.runtime.kafka;

/** A command that cannot be done; the message tells who asked why. */
public final class CommandRejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  public CommandRejectedException(String reason) {
    super(reason);
  }

  public CommandRejectedException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
