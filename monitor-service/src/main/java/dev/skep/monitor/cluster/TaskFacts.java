package dev.skep.monitor.cluster;

import dev.skep.model.cluster.Task;

/** What is known of one service's tasks, as numbers. Immutable. */
public final class TaskFacts {
  /** A service without tasks of which nothing has been seen. */
  public static final TaskFacts NONE = new ServiceTally().facts();

  private final Counts<Task.State> states;
  private final Counts<TaskReason> unplaceable;
  private final Counts<Task.State> transitions;
  private final Counts<TaskReason> restarts;
  private final int effective;
  private final int ready;
  private final Histogram starts;

  TaskFacts(
      Counts<Task.State> states,
      Counts<TaskReason> unplaceable,
      Counts<Task.State> transitions,
      Counts<TaskReason> restarts,
      int effective,
      int ready,
      Histogram starts) {
    this.states = states.copy();
    this.unplaceable = unplaceable.copy();
    this.transitions = transitions.copy();
    this.restarts = restarts.copy();
    this.effective = effective;
    this.ready = ready;
    this.starts = starts == null ? null : starts.copy();
  }

  /** How many tasks are in this state, the stored history of ended ones included. */
  public long in(Task.State state) {
    return states.of(state);
  }

  /** As Docker counts: also those of a node that is down and those that are to end. */
  public long running() {
    return in(Task.State.RUNNING);
  }

  /** Running, wanted, and on a node that managers hear from. */
  public int effective() {
    return effective;
  }

  /** Those that may be sent requests: the health check passes too. */
  public int ready() {
    return ready;
  }

  /** Tasks that no node can take, for this reason. */
  public long unplaceable(TaskReason reason) {
    return unplaceable.of(reason);
  }

  /** Tasks that no node can take. */
  public long unplaceable() {
    return unplaceable.sum();
  }

  /** How often a task was seen to enter this state since this process started. */
  public long transitions(Task.State state) {
    return transitions.of(state);
  }

  /** How often a wanted task was seen to end by itself since this process started. */
  public long restarts(TaskReason reason) {
    return restarts.of(reason);
  }

  /** How often a wanted task was seen to end by itself, for whatever reason. */
  public long restarts() {
    return restarts.sum();
  }

  /** From a task's making to its running; null until one was seen to start. */
  public Histogram starts() {
    return starts;
  }
}
