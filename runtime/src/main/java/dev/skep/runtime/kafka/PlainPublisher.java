package dev.skep.runtime.kafka;

import dev.skep.runtime.Platform;
import java.util.concurrent.CompletionStage;

/**
 * Writes single records, idempotently but without a transaction and without fencing: observations,
 * commands, dead letters. Thread-safe.
 */
public final class PlainPublisher implements AutoCloseable {
  private PlainPublisher() {}

  /**
   * Opens it; does not wait for the broker.
   *
   * @param principal who writes, as the events' source
   */
  public static PlainPublisher open(Platform platform, String principal) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Sends a record.
   *
   * @return done when the broker has confirmed it; fails with a {@link PublishException} if that
   *     did not happen within 30 s
   */
  public CompletionStage<Void> publish(Write<?> write) {
    throw new UnsupportedOperationException("not yet");
  }

  /** Sends what is under way, within 5 s, and ends it. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("not yet");
  }
}
