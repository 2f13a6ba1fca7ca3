package dev.skep.deployer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.List;

/** Builds a body as the CLI writes it: fields that are empty are left out. */
final class Body {
  private final ObjectNode node = JsonNodeFactory.instance.objectNode();

  Body text(String key, String value) {
    if (!value.isEmpty()) {
      node.put(key, value);
    }
    return this;
  }

  /** A number that is left out when it is missing or zero. */
  Body number(String key, Long value) {
    if (value != null && value != 0) {
      node.put(key, value);
    }
    return this;
  }

  /** A number that is left out only when it is missing. */
  Body optional(String key, Long value) {
    if (value != null) {
      node.put(key, value);
    }
    return this;
  }

  /** A boolean that is left out when it is false. */
  Body flag(String key, Boolean value) {
    if (Boolean.TRUE.equals(value)) {
      node.put(key, true);
    }
    return this;
  }

  Body texts(String key, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = node.putArray(key);
      values.forEach(array::add);
    }
    return this;
  }

  Body list(String key, List<? extends JsonNode> values) {
    if (!values.isEmpty()) {
      node.putArray(key).addAll(values);
    }
    return this;
  }

  /** A mapping of texts, left out when it is empty. */
  Body map(String key, Fields values) {
    if (!values.fields().isEmpty()) {
      ObjectNode map = node.putObject(key);
      values.fields().forEach((k, f) -> map.put(k, ((Scalar) f.value()).text()));
    }
    return this;
  }

  /** Anything, also empty; left out only when it is null. */
  Body set(String key, JsonNode value) {
    if (value != null) {
      node.set(key, value);
    }
    return this;
  }

  ObjectNode done() {
    return node;
  }
}
