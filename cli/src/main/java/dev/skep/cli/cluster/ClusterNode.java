package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.engine.EngineClient;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node of the Swarm, as far as setting up needs it.
 *
 * @param state {@code ready} if it answers
 * @param availability {@code active} if it takes tasks
 * @param address that it advertises
 */
record ClusterNode(
    String id,
    String name,
    boolean manager,
    boolean leader,
    String state,
    String availability,
    String address,
    Map<String, String> labels) {
  ClusterNode {
    labels = Map.copyOf(labels);
  }

  /** All nodes, managers first, by name. */
  static List<ClusterNode> all(EngineClient engine) {
    return engine
        .nodes()
        .valueStream()
        .map(ClusterNode::of)
        .sorted(
            Comparator.comparing((ClusterNode n) -> !n.manager).thenComparing(ClusterNode::name))
        .toList();
  }

  static ClusterNode of(JsonNode node) {
    Map<String, String> labels = new TreeMap<>();
    node.path("Spec")
        .path("Labels")
        .properties()
        .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
    return new ClusterNode(
        node.path("ID").asText(),
        node.path("Description").path("Hostname").asText(),
        node.path("Spec").path("Role").asText().equals("manager"),
        node.path("ManagerStatus").path("Leader").asBoolean(),
        node.path("Status").path("State").asText(),
        node.path("Spec").path("Availability").asText(),
        node.path("Status").path("Addr").asText(),
        labels);
  }

  boolean isEdge() {
    return "true".equals(labels.get(NodeLabels.EDGE));
  }

  /** Whether tasks can run there now. */
  boolean usable() {
    return state.equals("ready") && availability.equals("active");
  }

  /** For people: what it is. */
  String role() {
    return leader ? "manager, leader" : manager ? "manager" : "worker";
  }
}
