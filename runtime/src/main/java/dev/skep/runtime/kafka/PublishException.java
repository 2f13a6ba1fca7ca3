package dev.skep.runtime.kafka;

/**
 * Writes were not confirmed. They may be made again: with {@link Writer}, either all of them are
 * seen or none is.
 */
public class PublishException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PublishException(String message, Throwable cause) {
    super(message, cause);
  }
}
