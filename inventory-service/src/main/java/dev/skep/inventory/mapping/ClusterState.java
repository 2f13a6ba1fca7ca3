package dev.skep.inventory.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A cluster as its Engine describes it at one time. Maps are by id, in the Engine's order.
 *
 * @param skipped what could not be understood, and is in none of the maps
 */
public record ClusterState(
    Map<String, Node> nodes,
    Map<String, Service> services,
    Map<String, Task> tasks,
    Map<String, Network> networks,
    List<Skipped> skipped) {

  public ClusterState {
    nodes = Collections.unmodifiableMap(nodes);
    services = Collections.unmodifiableMap(services);
    tasks = Collections.unmodifiableMap(tasks);
    networks = Collections.unmodifiableMap(networks);
    skipped = List.copyOf(skipped);
  }

  /**
   * Decodes {@code {"nodes":[],"services":[],"tasks":[],"networks":[]}}, the Engine's own arrays. A
   * missing array counts as empty. A task is ready if it runs, is wanted, and its node is not down.
   *
   * @throws UndecodableException if it is no such object
   */
  public static ClusterState fromSnapshot(JsonNode snapshot) {
    if (!snapshot.isObject()) {
      throw new UndecodableException(
          "a snapshot is an object with the arrays nodes, services, tasks and networks");
    }
    List<Skipped> skipped = new ArrayList<>();
    Decoding decoding = new Decoding(skipped::add);
    Map<String, Node> nodes = decoding.nodes(array(snapshot, "nodes"));
    Map<String, Service> services = decoding.services(array(snapshot, "services"));
    Map<String, Task> tasks = decoding.tasks(array(snapshot, "tasks"));
    Map<String, Network> networks = decoding.networks(array(snapshot, "networks"));
    tasks.replaceAll((id, task) -> task.withReady(task.ready() && serves(nodes, task)));
    return new ClusterState(nodes, services, tasks, networks, skipped);
  }

  private static boolean serves(Map<String, Node> nodes, Task task) {
    Node node = task.nodeId() == null ? null : nodes.get(task.nodeId());
    return node != null && node.mayServe();
  }

  private static JsonNode array(JsonNode snapshot, String name) {
    JsonNode array = snapshot.path(name);
    if (!array.isMissingNode() && !array.isNull() && !array.isArray()) {
      throw new UndecodableException("'" + name + "' of the snapshot is not an array");
    }
    return array;
  }
}
