package dev.skep.monitor.cluster;

import dev.skep.model.cluster.Task;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Tallies of tasks per service, adjusted with each change: a change costs the same however many
 * tasks there are, and a node that comes or goes costs the number of services on it. Guarded by its
 * owner.
 */
final class TaskTallies {
  private final Map<String, ServiceTally> services = new HashMap<>();

  /** Node to service to how many tasks are running there and wanted. */
  private final Map<String, Map<String, Integer>> running = new HashMap<>();

  private final Set<String> servingNodes = new HashSet<>();

  /**
   * Follows one task.
   *
   * @param before null if it was not known
   * @param after null if it is gone
   * @param counted whether it happened just now: what is read again after a start is state only
   * @param job whether a service's tasks end by design
   */
  void apply(Task before, Task after, boolean counted, Predicate<String> job) {
    if (before != null) {
      place(before, -1);
      tally(before).count(before, -1);
    }
    if (after != null) {
      place(after, 1);
      tally(after).count(after, 1);
      if (counted) {
        tally(after).transition(before, after, job.test(service(after)));
      }
    }
  }

  void nodeServes(String node, boolean serves) {
    if (serves ? servingNodes.add(node) : servingNodes.remove(node)) {
      int sign = serves ? 1 : -1;
      running
          .getOrDefault(node, Map.of())
          .forEach((service, count) -> tally(service).effective(sign * count));
    }
  }

  /** Forgets a service that is gone, once its tasks are too. */
  void forget(Predicate<String> known) {
    services.entrySet().removeIf(e -> e.getValue().empty() && !known.test(e.getKey()));
  }

  TaskFacts facts(String service) {
    ServiceTally tally = services.get(service);
    return tally == null ? TaskFacts.NONE : tally.facts();
  }

  private void place(Task task, int by) {
    if (task.state() != Task.State.RUNNING || !task.wanted() || task.nodeId() == null) {
      return;
    }
    running
        .computeIfAbsent(task.nodeId(), n -> new HashMap<>())
        .merge(service(task), by, (a, b) -> a + b == 0 ? null : a + b);
    running.computeIfPresent(task.nodeId(), (n, counts) -> counts.isEmpty() ? null : counts);
    if (servingNodes.contains(task.nodeId())) {
      tally(task).effective(by);
    }
  }

  private ServiceTally tally(Task task) {
    return tally(service(task));
  }

  private ServiceTally tally(String service) {
    return services.computeIfAbsent(service, s -> new ServiceTally());
  }

  /** A container that was attached to a network by hand is a task of no service. */
  private static String service(Task task) {
    return Objects.requireNonNullElse(task.serviceId(), "");
  }
}
