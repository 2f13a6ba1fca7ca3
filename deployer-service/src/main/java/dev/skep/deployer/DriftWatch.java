package dev.skep.deployer;

import dev.skep.model.cluster.Service;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Stack;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.TopicView.Change;
import dev.skep.runtime.reconcile.KeyedReconciler;
import java.time.Duration;
import java.util.function.Function;

/**
 * Marks stacks to be compared with the cluster: when the inventory tells of a change of one of
 * their services, when a deployment has ended, and from time to time. Without an inventory it is
 * only the latter that shows drift.
 */
final class DriftWatch implements AutoCloseable {
  /** Deployments come first: comparisons are to be in nobody's way. */
  private static final int PARALLELISM = 2;

  private final TopicView<Stack> stacks;
  private final DriftMeters meters;
  private final KeyedReconciler<String> reconciler;

  private DriftWatch(
      Platform platform,
      TopicView<Stack> stacks,
      Duration resync,
      Function<DriftMeters, DriftReconciler> reconcile) {
    this.stacks = stacks;
    this.meters = new DriftMeters(platform.metrics());
    this.reconciler =
        KeyedReconciler.<String>named("drift", reconcile.apply(meters)::reconcile)
            .parallelism(PARALLELISM)
            .resync(resync, () -> stacks.values().keySet())
            .clock(platform.clock())
            .start();
  }

  /** Begins; what the topic of services holds already says nothing new. */
  static DriftWatch open(
      Platform platform,
      TopicView<Stack> stacks,
      Duration resync,
      Function<DriftMeters, DriftReconciler> reconcile) {
    return new DriftWatch(platform, stacks, resync, reconcile);
  }

  void mark(String stack, String trigger) {
    reconciler.mark(stack, trigger);
  }

  /** Whether no comparison has been going on for longer. */
  boolean progressing(Duration limit) {
    return reconciler.progressing(limit);
  }

  /** What is observed of a stack is this watch's own work: only another revision counts. */
  void stack(Change<Stack> change) {
    boolean other =
        change.before() == null
            || change.after() == null
            || change.before().revision() != change.after().revision()
            || change.before().observedRevision() != change.after().observedRevision();
    if (other && !change.replay()) {
      mark(change.key(), "stack");
    }
  }

  void deployment(Change<Deployment> change) {
    if (change.after() != null && !change.replay()) {
      meters.changed(change.before(), change.after());
      if (change.after().phase() != Phase.RUNNING) {
        mark(change.after().stack(), "deployment");
      }
    }
  }

  void service(Change<Service> change) {
    Service before = change.before();
    Service after = change.after();
    boolean changed = before == null || after == null || before.version() != after.version();
    String stack = after == null ? before == null ? null : before.stack() : after.stack();
    if (changed && !change.replay() && stack != null && stacks.get(stack).isPresent()) {
      mark(stack, "service");
    }
  }

  @Override
  public void close() {
    reconciler.close();
  }
}
