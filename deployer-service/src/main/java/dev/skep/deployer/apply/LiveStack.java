package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.convert.Namespace;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import dev.skep.engine.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a stack is on the cluster: everything with its label.
 *
 * @param networks the stack's
 * @param swarmNetworks name to id of every network of the Swarm
 */
record LiveStack(
    List<JsonNode> services,
    List<JsonNode> secrets,
    List<JsonNode> configs,
    List<JsonNode> networks,
    Map<String, String> swarmNetworks) {

  static LiveStack read(EngineClient engine, String stack) {
    Filters ours = Filters.of("label", Namespace.LABEL + "=" + stack);
    List<JsonNode> networks = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (JsonNode network : engine.networks(Filters.of("scope", "swarm"))) {
      names.put(network.path("Name").asText(), network.path("Id").asText());
      if (network.path("Labels").path(Namespace.LABEL).asText().equals(stack)) {
        networks.add(network);
      }
    }
    return new LiveStack(
        list(engine.services(false, ours)),
        list(engine.get("/secrets", Query.of(ours))),
        list(engine.get("/configs", Query.of(ours))),
        networks,
        names);
  }

  /** Secrets or configs by exact name, whoever made them: name to id. */
  static Map<String, String> byName(EngineClient engine, String kind, Collection<String> names) {
    Map<String, String> result = new HashMap<>();
    if (names.isEmpty()) {
      return result;
    }
    // The Engine matches prefixes.
    for (JsonNode object : engine.get("/" + kind, Query.of(Filters.of("name", names)))) {
      String name = object.path("Spec").path("Name").asText();
      if (names.contains(name)) {
        result.put(name, object.path("ID").asText());
      }
    }
    return result;
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> result = new ArrayList<>();
    array.forEach(result::add);
    return result;
  }
}
