package dev.skep.runtime.kafka;

import dev.skep.model.event.EventCodec;
import dev.skep.model.topic.TopicSpec;
import dev.skep.runtime.Platform;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A topic as a map: replays it from the beginning, then follows it. Reads committed records only.
 *
 * <p>A record that cannot be read becomes a dead letter with the reason, is counted ({@code
 * skep_events_dead_letters_total}), and its key keeps its last good value. While the broker is away
 * the last state stays; reading is retried with backoff. If the topic turns out to have been
 * deleted and made anew, the platform's {@code fatal} is called: what was read is no longer true.
 *
 * <p>Thread-safe.
 *
 * @param <T> what the topic's events decode to
 */
public final class TopicView<T> implements AutoCloseable {
  /**
   * One key's change.
   *
   * @param before the value until now; null if there was none
   * @param after the value from now on; null for a tombstone
   * @param offset the record's
   * @param meta null for a tombstone
   * @param replay whether the record was there before the view was opened
   */
  public record Change<T>(
      String key, T before, T after, long offset, EventMeta meta, boolean replay) {}

  private TopicView() {}

  /**
   * Opens a view and returns at once; see {@link #ready}.
   *
   * @param reader who reads, in metrics and dead letters: the service's name
   * @param onChange called for each change, in order and never twice at a time, on the view's own
   *     virtual thread, after {@link #values} shows it. It may block, but the view waits. If it
   *     throws, that is logged with the record's place and the view goes on: the level-triggered
   *     reader's resync heals it.
   */
  public static <T> TopicView<T> open(
      Platform platform,
      String reader,
      TopicSpec topic,
      EventCodec<T> codec,
      Consumer<Change<T>> onChange) {
    throw new UnsupportedOperationException("not yet");
  }

  /** Whether everything that the topic held when the view was opened has been applied. */
  public boolean ready() {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Waits until ready.
   *
   * @return false if it was not ready in time, was closed, or the thread was interrupted (the flag
   *     is then set)
   */
  public boolean awaitReady(Duration timeout) {
    throw new UnsupportedOperationException("not yet");
  }

  /** The state: unmodifiable, live, weakly consistent, no copy. */
  public Map<String, T> values() {
    throw new UnsupportedOperationException("not yet");
  }

  /** A key's value. */
  public Optional<T> get(String key) {
    throw new UnsupportedOperationException("not yet");
  }

  /** The offset of the last record applied; -1 while there is none. */
  public long appliedOffset() {
    throw new UnsupportedOperationException("not yet");
  }

  /** The broker's id of the topic; null until the broker was first reached. */
  public String topicId() {
    throw new UnsupportedOperationException("not yet");
  }

  /** Whether the broker answers: false from the first failed read to the next good one. */
  public boolean connected() {
    throw new UnsupportedOperationException("not yet");
  }

  /** Ends it; when it returns, {@code onChange} is not called any more. Blocks briefly. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("not yet");
  }
}
