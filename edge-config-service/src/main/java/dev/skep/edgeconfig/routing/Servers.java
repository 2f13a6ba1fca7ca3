package dev.skep.edgeconfig.routing;

import dev.skep.model.cluster.Task;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Backend.Server;
import dev.skep.model.edge.Backend.State;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** From a service's tasks to the servers of its backend. */
final class Servers {
  private Servers() {}

  /**
   * A task with an address on the network is READY while it may be sent requests; it is DRAIN from
   * when it is told to leave, or is no longer ready after it was, until it has ended. A task that
   * was never ready is not there.
   *
   * @param previous the backend's servers until now; null: none
   */
  static List<Server> of(Collection<Task> tasks, String networkId, int port, Backend previous) {
    Set<String> before =
        previous == null
            ? Set.of()
            : previous.servers().stream().map(Server::id).collect(Collectors.toSet());
    return tasks.stream()
        .map(task -> server(task, networkId, port, before.contains(task.id())))
        .filter(Objects::nonNull)
        .sorted(Comparator.comparing(Server::id))
        .toList();
  }

  private static Server server(Task task, String networkId, int port, boolean before) {
    if (task.state().terminal()) {
      return null;
    }
    boolean ready = task.ready() && !task.leaving();
    // A task that leaves before its container ran has nothing to finish. One that runs may have
    // served before this process knew of it.
    boolean draining = before || (task.leaving() && task.state() == Task.State.RUNNING);
    if (!ready && !draining) {
      return null;
    }
    return task.addresses().stream()
        .filter(a -> a.networkId().equals(networkId))
        .findFirst()
        .map(a -> new Server(task.id(), a.ip(), port, ready ? State.READY : State.DRAIN))
        .orElse(null);
  }
}
