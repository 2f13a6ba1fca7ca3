package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The labels by which the stack finds its nodes. */
final class NodeLabels {
  /** {@code true} on nodes that take traffic. */
  static final String EDGE = "skep.edge";

  /** {@code 1}, or 1 to 3, on the brokers' nodes: their data is there. */
  static final String KAFKA = "skep.kafka";

  /** {@code true} on the node that holds the volumes of Prometheus, Alertmanager and Grafana. */
  static final String DATA = "skep.data";

  static final List<String> ALL = List.of(EDGE, KAFKA, DATA);

  private static final int ATTEMPTS = 5;

  private NodeLabels() {}

  /**
   * What each node's labels should be, of {@link #ALL}.
   *
   * @return by node id
   */
  static Map<String, Map<String, String>> wanted(
      List<ClusterNode> nodes, List<ClusterNode> edges, List<ClusterNode> kafka, ClusterNode data) {
    Map<String, Map<String, String>> wanted = new TreeMap<>();
    nodes.forEach(n -> wanted.put(n.id(), new TreeMap<>()));
    edges.forEach(n -> wanted.get(n.id()).put(EDGE, "true"));
    for (int i = 0; i < kafka.size(); i++) {
      wanted.get(kafka.get(i).id()).put(KAFKA, Integer.toString(i + 1));
    }
    wanted.get(data.id()).put(DATA, "true");
    return wanted;
  }

  /**
   * Makes a node's labels of {@link #ALL} these, and leaves its others alone.
   *
   * @return what was changed, as {@code label=value} or {@code -label}; empty if nothing
   */
  static List<String> apply(EngineClient engine, String nodeId, Map<String, String> wanted) {
    for (int attempt = 1; ; attempt++) {
      JsonNode node = engine.get("/nodes/" + nodeId, Query.none());
      ObjectNode spec = node.path("Spec").deepCopy();
      ObjectNode labels = spec.withObjectProperty("Labels");
      List<String> changes = new ArrayList<>();
      for (String label : ALL) {
        String now = labels.path(label).asText(null);
        String next = wanted.get(label);
        if (Objects.equals(now, next)) {
          continue;
        }
        if (next == null) {
          labels.remove(label);
          changes.add("-" + label);
        } else {
          labels.put(label, next);
          changes.add(label + "=" + next);
        }
      }
      if (changes.isEmpty()) {
        return changes;
      }
      try {
        String version = node.path("Version").path("Index").asText();
        engine.post("/nodes/" + nodeId + "/update", Query.of("version", version), spec, Map.of());
        return changes;
      } catch (EngineException e) {
        if (!e.isOutOfSequence() || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
