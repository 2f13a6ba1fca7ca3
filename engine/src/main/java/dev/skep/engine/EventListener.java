package dev.skep.engine;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Follows one {@link EventStream}. Called by the stream's own thread, one call at a time; what it
 * throws ends the stream and is reported to {@link #onEnd}.
 */
public interface EventListener {
  /** The Engine has accepted: what happens from now on is reported. Read the state now. */
  default void onOpen() {}

  /** One event, as the Engine wrote it. */
  void onEvent(JsonNode event);

  /**
   * The stream is over: ended, broken or stalled. Called exactly once, unless the caller closed the
   * stream. Open another one after a pause, and read the state again: events may be lost.
   *
   * @param cause why; never null
   */
  void onEnd(EngineException cause);
}
