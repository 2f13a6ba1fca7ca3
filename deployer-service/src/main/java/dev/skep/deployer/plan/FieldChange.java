package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A field that differs.
 *
 * @param path a JSON pointer into the Engine's object; where a list's items have a name, such as a
 *     variable's or a mount's target, that stands in place of the index
 * @param from the value that it has, null if it has none; numbers are texts in the Engine's units,
 *     and defaults count as none
 * @param to the value that it gets, null if it gets none
 * @param masked whether something secret in the values was replaced by {@link Masking#MASK}
 */
public record FieldChange(String path, JsonNode from, JsonNode to, boolean masked) {
  /** {@code {"path":"","from":null,"to":null,"masked":false}}. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("path", path);
    json.set("from", from);
    json.set("to", to);
    return json.put("masked", masked);
  }

  static FieldChange fromJson(JsonNode json) {
    return new FieldChange(
        json.path("path").asText(),
        value(json.get("from")),
        value(json.get("to")),
        json.path("masked").asBoolean());
  }

  private static JsonNode value(JsonNode value) {
    return value == null || value.isNull() ? null : value;
  }
}
