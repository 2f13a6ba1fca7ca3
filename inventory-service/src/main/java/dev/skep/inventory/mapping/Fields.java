package dev.skep.inventory.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads single fields of the Engine's objects. Go leaves out what is empty, or writes null. */
final class Fields {
  private Fields() {}

  /** The object's identity, without which it is of no use. */
  static String id(JsonNode object, String kind, String field) {
    String id = object.path(field).asText("");
    if (id.isEmpty()) {
      throw new UndecodableException("a " + kind + " without " + field);
    }
    return id;
  }

  static String textOrNull(JsonNode value) {
    String text = value.asText("");
    return text.isEmpty() ? null : text;
  }

  /** Go's zero time stands for none. */
  static Instant instant(JsonNode value, String where) {
    String text = textOrNull(value);
    if (text == null || text.startsWith("0001-")) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new UndecodableException(where + " is '" + text + "', which is no time");
    }
  }

  static Map<String, String> strings(JsonNode object) {
    Map<String, String> map = new LinkedHashMap<>();
    object.properties().forEach(e -> map.put(e.getKey(), e.getValue().asText("")));
    return map;
  }

  static long version(JsonNode object) {
    return object.path("Version").path("Index").asLong();
  }

  /** A constant by its name in any case; {@code fallback} for one that is unknown or absent. */
  static <E extends Enum<E>> E constant(Class<E> type, JsonNode value, E fallback) {
    String name = value.asText("").toUpperCase(Locale.ROOT);
    return Arrays.stream(type.getEnumConstants())
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElse(fallback);
  }
}
