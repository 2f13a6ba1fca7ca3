package dev.skep.deployer;

import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Deployment.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What running deployments have done so far. In memory only: the topic gets a deployment's steps
 * when it ends, not each of them. Thread-safe.
 */
final class Progress {
  private final Map<String, List<Step>> running = new ConcurrentHashMap<>();

  /** An attempt begins; what an earlier one did it will find done. */
  void begin(String deployment, List<Step> steps) {
    running.put(deployment, List.copyOf(steps));
  }

  void step(String deployment, Step step) {
    running.computeIfPresent(
        deployment,
        (key, steps) -> {
          List<Step> more = new ArrayList<>(steps);
          more.add(step);
          return List.copyOf(more);
        });
  }

  void end(String deployment) {
    running.remove(deployment);
  }

  /** A deployment with the steps that are known here, if it runs. */
  Deployment of(Deployment deployment) {
    List<Step> steps = running.get(deployment.key());
    return steps == null || deployment.phase() != Phase.RUNNING
        ? deployment
        : new Deployment(
            deployment.stack(),
            deployment.revision(),
            deployment.command(),
            deployment.by(),
            deployment.phase(),
            steps,
            deployment.error(),
            deployment.startedAt(),
            deployment.finishedAt());
  }
}
