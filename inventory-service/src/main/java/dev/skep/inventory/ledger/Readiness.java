package dev.skep.inventory.ledger;

import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;

/**
 * A task as it is published: the Engine's word, advanced by what its own node's agent saw, which is
 * about 100 ms ahead of the Engine's API when a task starts.
 */
final class Readiness {
  private Readiness() {}

  /**
   * Combines what is known of a task.
   *
   * @param engine the Engine's word
   * @param service null if it is not known
   * @param sight what the agent of the task's node saw; null if nothing
   * @param nodeServes whether its node is not down, and its agent is heard if there is one
   */
  static Task of(Task engine, Service service, Sight sight, boolean nodeServes) {
    Task task = sight == null ? engine : advanced(engine, service, sight);
    boolean held = sight != null && sight.phase().compareTo(Sight.Phase.UNHEALTHY) >= 0;
    boolean ready = task.state() == Task.State.RUNNING && task.wanted() && nodeServes && !held;
    return task.withReady(ready);
  }

  /** The agent runs ahead only on the way up: how a task ended is for the Engine to say. */
  private static Task advanced(Task engine, Service service, Sight sight) {
    boolean startsUp =
        engine.state().compareTo(Task.State.RUNNING) < 0
            && engine.wanted()
            && engine.nodeId() != null;
    if (!startsUp || sight.phase() != Sight.Phase.SERVING || isJob(service)) {
      return engine;
    }
    return new Task(
        engine.id(),
        engine.serviceId(),
        engine.slot(),
        engine.nodeId(),
        Task.State.RUNNING,
        engine.desired(),
        engine.ready(),
        engine.message(),
        engine.error(),
        engine.exitCode(),
        engine.containerId() == null ? sight.containerId() : engine.containerId(),
        engine.image(),
        engine.addresses(),
        engine.createdAt(),
        sight.since(),
        engine.version());
  }

  private static boolean isJob(Service service) {
    return service != null && service.job();
  }
}
