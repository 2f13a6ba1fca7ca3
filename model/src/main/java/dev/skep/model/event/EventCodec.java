package dev.skep.model.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Reads and writes the data of one topic's events. A topic may hold several entities (routes and
 * backends): T is then the sealed interface above them.
 *
 * <p>Versions: a reader takes the current version of each entity and the one before, which an
 * upgrade brings to the current shape. Anything else is an {@link UnreadableEventException}: the
 * reader keeps the key's last good value.
 *
 * @param <T> what the topic's events decode to
 */
public final class EventCodec<T> {
  private record Entity<T>(
      String name, int version, Class<? extends T> type, UnaryOperator<JsonNode> upgrade) {}

  private final Map<String, Entity<T>> byName = new LinkedHashMap<>();

  private EventCodec() {}

  /** A codec for a topic with one entity at version 1. */
  public static <T> EventCodec<T> of(String entity, Class<T> type) {
    return new EventCodec<T>().and(entity, 1, type, UnaryOperator.identity());
  }

  /** An empty codec, to be filled by {@link #and}. */
  public static <T> EventCodec<T> create() {
    return new EventCodec<>();
  }

  /** Adds an entity at version 1. */
  public EventCodec<T> and(String entity, Class<? extends T> type) {
    return and(entity, 1, type, UnaryOperator.identity());
  }

  /**
   * Adds an entity.
   *
   * @param version the current version
   * @param upgrade brings data of {@code version - 1} to {@code version}
   */
  public EventCodec<T> and(
      String entity, int version, Class<? extends T> type, UnaryOperator<JsonNode> upgrade) {
    byName.put(entity, new Entity<>(entity, version, type, upgrade));
    return this;
  }

  /**
   * The event type under which {@code value} is written.
   *
   * @throws IllegalArgumentException if this codec does not know the value's class
   */
  public EventType typeOf(T value, String what) {
    for (Entity<T> entity : byName.values()) {
      if (entity.type().isInstance(value)) {
        return new EventType(entity.name(), what, entity.version());
      }
    }
    throw new IllegalArgumentException("no entity for " + value.getClass().getName());
  }

  /**
   * Reads an event's data.
   *
   * @throws UnreadableEventException if the entity, its version or the data is not understood
   */
  public T read(EventType type, byte[] data) throws UnreadableEventException {
    Entity<T> entity = byName.get(type.entity());
    if (entity == null) {
      throw new UnreadableEventException(
          "unknown entity '" + type.entity() + "', expected one of " + byName.keySet());
    }
    if (type.version() != entity.version() && type.version() != entity.version() - 1) {
      throw new UnreadableEventException(
          "version %d of %s is not understood here, which reads %d and the one before"
              .formatted(type.version(), entity.name(), entity.version()));
    }
    try {
      JsonNode tree = Json.mapper().readTree(Objects.requireNonNullElse(data, new byte[0]));
      if (tree == null || !tree.isObject()) {
        throw new UnreadableEventException("the data of " + type + " is not a JSON object");
      }
      JsonNode current = type.version() == entity.version() ? tree : entity.upgrade().apply(tree);
      return Json.mapper().treeToValue(current, entity.type());
    } catch (JsonProcessingException e) {
      throw new UnreadableEventException(
          "the data of " + type + " cannot be read: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UnreadableEventException("the data of " + type + " is not JSON", e);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new UnreadableEventException("the data of " + type + " is invalid: " + e, e);
    }
  }

  /** Writes an event's data as UTF-8 JSON. */
  public byte[] write(T value) {
    try {
      return Json.mapper().writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write " + value.getClass().getName(), e);
    }
  }
}
