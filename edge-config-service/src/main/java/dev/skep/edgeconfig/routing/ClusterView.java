package dev.skep.edgeconfig.routing;

import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import java.util.Collection;
import java.util.List;

/**
 * A whole cluster at one moment.
 *
 * @param nodes not needed for routes: whether a task may serve is the task's own {@code ready},
 *     which takes its node into account
 */
public record ClusterView(
    Collection<Service> services,
    Collection<Task> tasks,
    Collection<Network> networks,
    Collection<Node> nodes) {
  public ClusterView {
    services = List.copyOf(services);
    tasks = List.copyOf(tasks);
    networks = List.copyOf(networks);
    nodes = List.copyOf(nodes);
  }
}
