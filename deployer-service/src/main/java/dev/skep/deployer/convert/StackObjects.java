package dev.skep.deployer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.Dependency;
import dev.skep.deployer.compose.Dependency.Condition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a stack is made of: the Engine's own bodies, with names in place of ids, each list sorted by
 * name. What a service refers to and no list holds is external.
 *
 * @param dependencies service to what it waits for, by names in the cluster; never sent to the
 *     Engine, which knows no order
 */
public record StackObjects(
    List<ObjectNode> networks,
    List<ObjectNode> secrets,
    List<ObjectNode> configs,
    List<ObjectNode> services,
    Map<String, List<Dependency>> dependencies) {
  private static final String DEPENDENCIES = "dependencies";

  public StackObjects {
    networks = List.copyOf(networks);
    secrets = List.copyOf(secrets);
    configs = List.copyOf(configs);
    services = List.copyOf(services);
    dependencies = Map.copyOf(dependencies);
  }

  /** Objects without an order. */
  public StackObjects(
      List<ObjectNode> networks,
      List<ObjectNode> secrets,
      List<ObjectNode> configs,
      List<ObjectNode> services) {
    this(networks, secrets, configs, services, Map.of());
  }

  /**
   * What the client would send: {@code {"networks":[],"secrets":[],"configs":[],"services":[]}}.
   */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("networks", array(networks));
    json.set("secrets", array(secrets));
    json.set("configs", array(configs));
    json.set("services", array(services));
    return json;
  }

  /**
   * All of it, for the deployer: {@link #toJson}, and if services wait for others {@code
   * "dependencies":{"s_web":[{"service":"s_db","condition":"service_healthy","required":true}]}}.
   */
  public ObjectNode toBody() {
    ObjectNode json = toJson();
    if (!dependencies.isEmpty()) {
      ObjectNode all = json.putObject(DEPENDENCIES);
      new TreeMap<>(dependencies)
          .forEach(
              (service, some) -> {
                ArrayNode array = all.putArray(service);
                some.forEach(
                    d ->
                        array
                            .addObject()
                            .put("service", d.service())
                            .put("condition", d.condition().text())
                            .put("required", d.required()));
              });
    }
    return json;
  }

  /**
   * Reads what {@link #toBody} or {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if a list is missing, or something in it has no name, or a
   *     condition is not known
   */
  public static StackObjects fromJson(JsonNode json) {
    return new StackObjects(
        list(json, "networks"),
        list(json, "secrets"),
        list(json, "configs"),
        list(json, "services"),
        dependencies(json.path(DEPENDENCIES)));
  }

  private static Map<String, List<Dependency>> dependencies(JsonNode json) {
    Map<String, List<Dependency>> result = new TreeMap<>();
    json.properties()
        .forEach(
            e -> {
              List<Dependency> some = new ArrayList<>();
              for (JsonNode one : e.getValue()) {
                some.add(
                    new Dependency(
                        one.path("service").asText(),
                        condition(one.path("condition").asText()),
                        one.path("required").asBoolean(true)));
              }
              result.put(e.getKey(), List.copyOf(some));
            });
    return result;
  }

  private static Condition condition(String text) {
    return Arrays.stream(Condition.values())
        .filter(c -> c.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is no condition of a dependency: service_started, service_healthy or service_completed_successfully"
                        .formatted(text)));
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
