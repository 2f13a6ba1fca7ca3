package dev.skep.monitor.metrics;

import static dev.skep.monitor.metrics.Values.bit;
import static dev.skep.monitor.metrics.Values.label;

import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Stack;
import dev.skep.monitor.cluster.Histogram;
import dev.skep.monitor.cluster.Snapshot;
import dev.skep.monitor.metrics.Families.Family;
import dev.skep.monitor.status.Statuses;
import java.util.List;
import java.util.Map;

/** Stacks, their deployments, and how the events themselves flow. */
final class StackMetrics {
  private static final List<Deployment.Phase> RESULTS =
      List.of(Deployment.Phase.SUCCEEDED, Deployment.Phase.FAILED);

  private StackMetrics() {}

  static void add(Families f, Snapshot s) {
    Family drift =
        f.gauge(
            "skep_stack_drift",
            "1 where the newest revision was not applied, or others have changed it since.",
            "stack");
    Family revision = f.gauge("skep_stack_revision", "The revision that was asked for.", "stack");
    Family observed =
        f.gauge("skep_stack_observed_revision", "The newest revision fully applied.", "stack");
    Family total =
        f.counter(
            "skep_deployments_total",
            "Deployments seen to end since this process started.",
            "stack",
            "result");
    Family duration =
        f.histogram(
            "skep_deployment_duration_seconds",
            "How long deployments took, from start to end.",
            "stack",
            "result");
    for (Stack stack : s.stacks()) {
      drift.add(bit(!Statuses.holds(stack)), stack.name());
      revision.add(stack.revision(), stack.name());
      observed.add(stack.observedRevision(), stack.name());
      Map<Deployment.Phase, Histogram> ended =
          s.deploymentTallies().getOrDefault(stack.name(), Map.of());
      for (Deployment.Phase result : RESULTS) {
        Histogram histogram = ended.get(result);
        total.add(histogram == null ? 0 : histogram.count(), stack.name(), label(result));
        if (histogram != null) {
          duration.add(histogram, stack.name(), label(result));
        }
      }
    }
    feeds(f, s);
  }

  private static void feeds(Families f, Snapshot s) {
    Family offset =
        f.gauge(
            "skep_events_applied_offset", "The offset up to which a topic is applied.", "topic");
    Family last =
        f.gauge(
            "skep_events_last_timestamp_seconds",
            "When the newest applied event was made, in seconds since 1970.",
            "topic");
    s.feeds()
        .forEach(
            (topic, feed) -> {
              offset.add(feed.offset(), topic);
              if (!Double.isNaN(feed.lastEvent())) {
                last.add(feed.lastEvent(), topic);
              }
            });
  }
}
