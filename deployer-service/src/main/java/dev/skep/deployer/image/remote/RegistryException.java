package dev.skep.deployer.image.remote;

import java.time.Duration;
import java.util.Optional;

/** A registry that did not tell. The message says which, why and what to do; nothing secret. */
public final class RegistryException extends Exception {
  private static final long serialVersionUID = 1L;

  /** When it wants to be asked again; null if it did not say. */
  private final transient Duration retryAfter;

  public RegistryException(String message) {
    this(message, (Duration) null);
  }

  RegistryException(String message, Throwable cause) {
    super(message, cause);
    this.retryAfter = null;
  }

  RegistryException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** How long it wants to be left alone; empty if it does not mind. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
