package dev.skep.monitor.cluster;

import dev.skep.model.stack.Deployment;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Deployments of one stack that were seen to end. */
final class DeploymentTally {
  private final Map<Deployment.Phase, Histogram> durations = new EnumMap<>(Deployment.Phase.class);

  void ended(Deployment deployment) {
    Histogram histogram =
        durations.computeIfAbsent(
            deployment.phase(), p -> new Histogram(1, 2.5, 5, 10, 30, 60, 120, 300, 900));
    Duration took =
        deployment.startedAt() == null || deployment.finishedAt() == null
            ? Duration.ZERO
            : Duration.between(deployment.startedAt(), deployment.finishedAt());
    histogram.observe(took.toMillis() / 1000.0);
  }

  Map<Deployment.Phase, Histogram> copy() {
    Map<Deployment.Phase, Histogram> copy = new EnumMap<>(Deployment.Phase.class);
    durations.forEach((phase, histogram) -> copy.put(phase, histogram.copy()));
    return copy;
  }
}
