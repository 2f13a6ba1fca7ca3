package dev.skep.deployer.apply;

/** A stack that cannot be applied as it is; nothing was changed. The message says what to do. */
public final class StackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StackException(String message) {
    super(message);
  }
}
