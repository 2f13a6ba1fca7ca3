package dev.skep.monitor.cluster;

import dev.skep.model.cluster.Service;

/** A service with the count of its tasks. */
public record ServiceFacts(Service service, TaskFacts tasks) {
  /**
   * Whether it has what it should: as many tasks that can serve as desired, all with a place, and
   * no update that stopped half-way. A job's tasks end by design: only their placement counts.
   */
  public boolean healthy() {
    return tasks.unplaceable() == 0
        && !updateStopped()
        && (service.job() || tasks.effective() >= service.desired());
  }

  /** Whether an update or a rollback waits for a person. */
  public boolean updateStopped() {
    return service.updateStatus() != null
        && service.updateStatus().state() != null
        && service.updateStatus().state().endsWith("paused");
  }

  /** Whether an update or a rollback is under way. */
  public boolean updating() {
    return service.updateStatus() != null
        && ("updating".equals(service.updateStatus().state())
            || "rollback_started".equals(service.updateStatus().state()));
  }
}
