package dev.skep.runtime.kafka;

import dev.skep.model.event.EventCodec;
import dev.skep.model.topic.TopicSpec;
import java.util.Objects;

/**
 * One record to be written.
 *
 * @param topic where
 * @param codec how the value is written
 * @param key the record's key, never null
 * @param value null: a tombstone, which deletes the key
 * @param what what became of the entity, as in the event's type: {@code updated}; null for a
 *     tombstone
 * @param correlationId what caused it; may be null
 */
public record Write<T>(
    TopicSpec topic, EventCodec<T> codec, String key, T value, String what, String correlationId) {

  public Write {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(codec, "codec");
    Objects.requireNonNull(key, "key");
    if (value != null) {
      Objects.requireNonNull(what, "what");
    }
  }

  /** Sets a key's value. */
  public static <T> Write<T> put(
      TopicSpec topic,
      EventCodec<T> codec,
      String key,
      T value,
      String what,
      String correlationId) {
    return new Write<>(
        topic, codec, key, Objects.requireNonNull(value, "value"), what, correlationId);
  }

  /** Deletes a key. */
  public static <T> Write<T> delete(TopicSpec topic, EventCodec<T> codec, String key) {
    return new Write<>(topic, codec, key, null, null, null);
  }
}
