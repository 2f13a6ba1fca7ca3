package dev.skep.deployer.source.git;

/** A source that cannot be read for now. The message is for the user and free of secrets. */
public final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  public SourceException(String message) {
    super(message);
  }

  public SourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
