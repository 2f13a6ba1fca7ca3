package dev.skep.runtime.kafka;

/** A topic is not the one that was read before: what was built from it is no longer true. */
public final class StoreChangedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreChangedException(String message) {
    super(message);
  }
}
