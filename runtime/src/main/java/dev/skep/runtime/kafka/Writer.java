package dev.skep.runtime.kafka;

import dev.skep.runtime.Platform;
import java.util.List;

/**
 * The fenced writer of one principal. Each process that opens it fences the one before: of two
 * processes that both believe to be it, only the newer can write.
 *
 * <p>Thread-safe; transactions are made one after the other.
 */
public final class Writer implements AutoCloseable {
  private Writer() {}

  /**
   * Opens the writer and fences older ones; blocks until the broker answered, at most 60 s.
   *
   * @param principal {@code inventory}, {@code edge-agent-NAME}; the transactional id
   * @throws PublishException if the broker does not answer
   */
  public static Writer open(Platform platform, String principal) {
    throw new UnsupportedOperationException("not yet");
  }

  /** Who writes. */
  public String principal() {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Writes all in one transaction: readers see either all of them or none. Blocks until the broker
   * has confirmed it. An empty list does nothing.
   *
   * @throws FencedException if a newer process writes as this principal; the platform's {@code
   *     fatal} has been called
   * @throws PublishException if it was not confirmed; the same writes may be published again
   */
  public void publish(List<Write<?>> writes) {
    throw new UnsupportedOperationException("not yet");
  }

  /** Ends it; a transaction under way is finished first, within 5 s. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("not yet");
  }
}
