package dev.skep.monitor.cluster;

import dev.skep.model.cluster.Task;
import java.time.Duration;

/** The running count of one service's tasks. Guarded by its owner. */
final class ServiceTally {
  private final Counts<Task.State> states = new Counts<>(Task.State.class);
  private final Counts<TaskReason> unplaceable = new Counts<>(TaskReason.class);
  private final Counts<Task.State> transitions = new Counts<>(Task.State.class);
  private final Counts<TaskReason> restarts = new Counts<>(TaskReason.class);
  private Histogram starts;
  private int tasks;
  private int effective;
  private int ready;
  private TaskFacts facts;

  /** Adds ({@code by} 1) or takes away (-1) a task's present state. */
  void count(Task task, int by) {
    tasks += by;
    states.add(task.state(), by);
    ready += task.ready() ? by : 0;
    TaskReason.ofUnplaceable(task).ifPresent(r -> unplaceable.add(r, by));
    facts = null;
  }

  void effective(int by) {
    effective += by;
    facts = null;
  }

  /** Counts what happened between two records of one task; {@code before} null: it is new. */
  void transition(Task before, Task after, boolean job) {
    if (before != null && before.state() == after.state()) {
      return;
    }
    transitions.add(after.state(), 1);
    if (after.state() == Task.State.RUNNING && after.since() != null && after.createdAt() != null) {
      if (starts == null) {
        starts = new Histogram(0.5, 1, 2.5, 5, 10, 30, 60, 300);
      }
      starts.observe(Duration.between(after.createdAt(), after.since()).toMillis() / 1000.0);
    }
    if (before != null && before.wanted() && endedByItself(after, job)) {
      restarts.add(TaskReason.ofEnd(after), 1);
    }
    facts = null;
  }

  private static boolean endedByItself(Task task, boolean job) {
    return switch (task.state()) {
      case FAILED, REJECTED -> true;
      case COMPLETE -> !job;
      default -> false;
    };
  }

  boolean empty() {
    return tasks == 0;
  }

  TaskFacts facts() {
    if (facts == null) {
      facts = new TaskFacts(states, unplaceable, transitions, restarts, effective, ready, starts);
    }
    return facts;
  }
}
