package dev.skep.deployer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a stack is made of: the Engine's own bodies, with names in place of ids, each list sorted by
 * name. What a service refers to and no list holds is external.
 */
public record StackObjects(
    List<ObjectNode> networks,
    List<ObjectNode> secrets,
    List<ObjectNode> configs,
    List<ObjectNode> services) {
  public StackObjects {
    networks = List.copyOf(networks);
    secrets = List.copyOf(secrets);
    configs = List.copyOf(configs);
    services = List.copyOf(services);
  }

  /** {@code {"networks":[],"secrets":[],"configs":[],"services":[]}}. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("networks", array(networks));
    json.set("secrets", array(secrets));
    json.set("configs", array(configs));
    json.set("services", array(services));
    return json;
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if a list is missing, or something in it has no name
   */
  public static StackObjects fromJson(JsonNode json) {
    return new StackObjects(
        list(json, "networks"),
        list(json, "secrets"),
        list(json, "configs"),
        list(json, "services"));
  }

  private static ArrayNode array(List<ObjectNode> objects) {
    return JsonNodeFactory.instance.arrayNode().addAll(objects);
  }

  private static List<ObjectNode> list(JsonNode json, String key) {
    if (json == null || !(json.get(key) instanceof ArrayNode array)) {
      throw new IllegalArgumentException("'" + key + "' must be a list of Engine objects");
    }
    List<ObjectNode> objects = new ArrayList<>();
    for (JsonNode item : array) {
      if (!(item instanceof ObjectNode object) || object.path("Name").asText().isEmpty()) {
        throw new IllegalArgumentException("every object in '" + key + "' must have a Name");
      }
      objects.add(object);
    }
    return objects;
  }

  /** Values may be secret. */
  @Override
  public String toString() {
    return "StackObjects[networks=%d, secrets=%d, configs=%d, services=%d]"
        .formatted(networks.size(), secrets.size(), configs.size(), services.size());
  }
}
