package dev.skep.deployer.apply;

import dev.skep.deployer.gate.Awaited;
import dev.skep.deployer.plan.ServicePlan;
import dev.skep.model.stack.Deployment.Step;
import java.util.List;

/** Follows a deployment. Called by one thread at a time. */
@FunctionalInterface
public interface ApplyListener {
  /** An object is done, or is waited for. */
  void step(Step step);

  /** What was decided for a service, before it is done. May be called again after a conflict. */
  default void planned(String service, ServicePlan plan) {}

  /**
   * The deployer's own service is about to be updated, which may end this process: what must be
   * remembered has to be written down now.
   *
   * @param steps all so far, the last one for the own service with the version that it has now
   */
  default void beforeOwn(List<Step> steps) {}

  /**
   * Services are waited for, and were looked at.
   *
   * @param services those that are waited for now; none when the wait is over
   */
  default void watching(Awaited services) {}

  /**
   * Whether something newer is desired of the stack by now. Asked after the Engine's state was read
   * and before it is changed: who is older than what it has read must not write over it. May be
   * called by several threads at a time.
   */
  default boolean overtaken() {
    return false;
  }
}
