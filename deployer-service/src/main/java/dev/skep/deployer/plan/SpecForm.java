package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;

/**
 * A ServiceSpec in a form that can be compared: the Engine answers with its defaults filled in and
 * empty fields dropped, so that what was sent and what is read are never the same text. Two specs
 * with the same normal form ask for the same.
 *
 * <p>The defaults were read off an Engine 20.10 and hold up to 28.
 */
public final class SpecForm {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What the Engine fills in, by field. The same field has the same default wherever it stands. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "Isolation", "default",
          "Runtime", "container",
          "FailureAction", "pause",
          "Order", "stop-first",
          "Condition", "any",
          "Protocol", "tcp",
          "PublishMode", "ingress",
          "Propagation", "rprivate",
          "Consistency", "default");

  /** Texts by name: an entry with an empty value is not the same as none. */
  private static final Set<String> TEXT_MAPS = Set.of("Labels", "Sysctls", "Options", "DriverOpts");

  /** Where zero or false differs from nothing. */
  private static final Set<String> ZERO_COUNTS =
      Set.of(
          "Replicas",
          "MaxConcurrent",
          "TotalCompletions",
          "Parallelism",
          "StopGracePeriod",
          "Delay",
          "Window",
          "Init");

  /** Where being there, though empty, says something. */
  private static final Set<String> EMPTY_COUNTS =
      Set.of("Replicated", "Global", "ReplicatedJob", "GlobalJob", "Runtime");

  private SpecForm() {}

  /** Whether the fields of a field's object have names of people's own and texts as values. */
  static boolean isTextMap(String field) {
    return TEXT_MAPS.contains(field);
  }

  /** The normal form. The argument is not changed. */
  public static ObjectNode of(JsonNode spec) {
    ObjectNode copy = spec.deepCopy();
    copy.set("Mode", mode(copy.path("Mode")));
    if (copy.path("EndpointSpec").path("Mode").asText().equals("vip")) {
      ((ObjectNode) copy.get("EndpointSpec")).remove("Mode");
    }
    if (copy.path("TaskTemplate") instanceof ObjectNode task) {
      // Set by people to restart a service; no file asks for it.
      task.remove("ForceUpdate");
    }
    return object(copy);
  }

  private static ObjectNode mode(JsonNode mode) {
    if (mode.has("Global") || mode.has("GlobalJob")) {
      return mode.deepCopy();
    }
    ObjectNode result = JSON.objectNode();
    if (mode.has("ReplicatedJob")) {
      JsonNode job = mode.get("ReplicatedJob");
      long concurrent = job.path("MaxConcurrent").asLong(1);
      result
          .putObject("ReplicatedJob")
          .put("MaxConcurrent", concurrent)
          .put("TotalCompletions", job.path("TotalCompletions").asLong(concurrent));
      return result;
    }
    result
        .putObject("Replicated")
        .put("Replicas", mode.path("Replicated").path("Replicas").asLong(1));
    return result;
  }

  private static ObjectNode object(JsonNode object) {
    ObjectNode result = JSON.objectNode();
    object
        .properties()
        .forEach(
            entry -> {
              JsonNode value = field(entry.getKey(), entry.getValue());
              if (value != null) {
                result.set(entry.getKey(), value);
              }
            });
    return result;
  }

  /** Null for what is as good as not there. */
  private static JsonNode field(String name, JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    if (value.isObject()) {
      JsonNode inner = TEXT_MAPS.contains(name) ? value : object(value);
      return inner.isEmpty() && !EMPTY_COUNTS.contains(name) ? null : inner;
    }
    if (value instanceof ArrayNode array) {
      return array.isEmpty() ? null : array(array);
    }
    JsonNode text = scalar(value);
    boolean empty = Set.of("", "0", "false").contains(text.asText());
    boolean counts = !value.isTextual() && ZERO_COUNTS.contains(name);
    return (empty && !counts) || text.asText().equals(DEFAULTS.get(name)) ? null : text;
  }

  private static ArrayNode array(ArrayNode array) {
    ArrayNode result = JSON.arrayNode();
    for (JsonNode item : array) {
      if (item.isObject()) {
        result.add(object(item));
      } else {
        result.add(item instanceof ArrayNode inner ? array(inner) : scalar(item));
      }
    }
    return result;
  }

  /** As text: the same number may come as an int, a long or a float. */
  private static TextNode scalar(JsonNode value) {
    return value.isFloatingPointNumber()
        ? TextNode.valueOf(ratio(value.floatValue()))
        : TextNode.valueOf(value.asText());
  }

  private static String ratio(float value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Float.toString(value);
  }
}
