package dev.skep.deployer;

import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.gate.Awaited;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Deployment.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What running deployments have done so far. In memory only: the topic gets a deployment's steps
 * when it ends, not each of them. Thread-safe.
 */
final class Progress {
  /** Who follows a deployment asks again within a second of its end. */
  private static final int MOST_ENDED = 100;

  private final Map<String, List<Step>> running = new ConcurrentHashMap<>();

  /** What running deployments wait for. */
  private final Map<String, Awaited> awaited = new ConcurrentHashMap<>();

  /** What was told and not recorded of those that ended last. */
  private final Map<String, List<Step>> ended =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, List<Step>> eldest) {
              return size() > MOST_ENDED;
            }
          });

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

  /** Services were looked at that a running deployment waits for. */
  void watching(String deployment, Awaited services) {
    if (running.containsKey(deployment)) {
      awaited.put(deployment, services);
    }
  }

  void end(String deployment) {
    awaited.remove(deployment);
    List<Step> steps = running.remove(deployment);
    if (steps != null) {
      ended.put(deployment, settled(steps));
    }
  }

  private static List<Step> settled(List<Step> steps) {
    return steps.stream().filter(s -> s.action().equals(ApplyResult.SETTLED)).toList();
  }

  /** What a deployment waits for now. */
  Awaited awaited(Deployment deployment) {
    return deployment.phase() == Phase.RUNNING
        ? awaited.getOrDefault(deployment.key(), Awaited.NOTHING)
        : Awaited.NOTHING;
  }

  /** What was told last, before a deployment ended, and is not in its record. */
  List<Step> told(Deployment deployment) {
    if (deployment.phase() == Phase.RUNNING) {
      return List.of();
    }
    // Its end is written before it is noted here.
    List<Step> last = running.get(deployment.key());
    return last == null ? ended.getOrDefault(deployment.key(), List.of()) : settled(last);
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
