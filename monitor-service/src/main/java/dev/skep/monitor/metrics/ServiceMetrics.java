package dev.skep.monitor.metrics;

import static dev.skep.monitor.metrics.Values.bit;
import static dev.skep.monitor.metrics.Values.label;
import static dev.skep.monitor.metrics.Values.seconds;

import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.monitor.cluster.ServiceFacts;
import dev.skep.monitor.cluster.Snapshot;
import dev.skep.monitor.cluster.TaskFacts;
import dev.skep.monitor.cluster.TaskReason;
import dev.skep.monitor.metrics.Families.Family;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Services and the tallies of their tasks. No series per task. */
final class ServiceMetrics {
  private static final List<String> UPDATE_STATES =
      List.of(
          "updating",
          "paused",
          "completed",
          "rollback_started",
          "rollback_paused",
          "rollback_completed");

  /** What a task ends of; these are written as 0 too, so that the first one is an increase. */
  private static final Set<TaskReason> ENDS =
      EnumSet.complementOf(EnumSet.of(TaskReason.CONSTRAINTS, TaskReason.RESOURCES));

  /** Written as 0 too; of the other states only what there is, or most series would be zeros. */
  private static final Set<Task.State> ALWAYS =
      EnumSet.of(Task.State.PENDING, Task.State.RUNNING, Task.State.FAILED);

  private ServiceMetrics() {}

  static void add(Families f, Snapshot s) {
    Family info =
        f.info(
            "skep_service_info",
            "What a service is.",
            "stack",
            "service",
            "service_id",
            "mode",
            "image");
    Family desired = perService(f, "skep_service_tasks_desired", "Tasks that there should be.");
    Family running =
        perService(
            f,
            "skep_service_tasks_running",
            "Tasks in state running, as Docker counts: those of dead nodes too.");
    Family effective =
        perService(
            f,
            "skep_service_tasks_running_effective",
            "Tasks that run, are wanted, and are on a node that is not down.");
    Family ready =
        perService(
            f, "skep_service_tasks_ready", "Tasks that may be sent requests: healthy as well.");
    Family states =
        f.gauge(
            "skep_service_tasks",
            "Stored tasks by state, the history of ended ones included.",
            "stack",
            "service",
            "state");
    Family update =
        f.gauge(
            "skep_service_update_state",
            "1 for the state of the last update, else 0; absent without one.",
            "stack",
            "service",
            "state");
    Family updateStarted =
        perService(
            f,
            "skep_service_update_started_timestamp_seconds",
            "When the last update began, in seconds since 1970.");
    Family unplaceable =
        f.gauge(
            "skep_tasks_unplaceable",
            "Tasks that no node can take, by reason; absent where there is none.",
            "stack",
            "service",
            "reason");
    Family transitions =
        f.counter(
            "skep_task_transitions_total",
            "Tasks seen to enter a state since this process started.",
            "stack",
            "service",
            "state");
    Family restarts =
        f.counter(
            "skep_task_restarts_total",
            "Wanted tasks seen to end by themselves since this process started, by reason.",
            "stack",
            "service",
            "reason");
    Family starts =
        f.histogram(
            "skep_task_start_duration_seconds",
            "From a task's making to its running.",
            "stack",
            "service");
    for (ServiceFacts facts : s.services()) {
      Service v = facts.service();
      TaskFacts t = facts.tasks();
      String stack = v.stack();
      String name = v.name();
      info.add(1, stack, name, v.id(), label(v.mode()), v.image());
      desired.add(v.desired(), stack, name);
      running.add(t.running(), stack, name);
      effective.add(t.effective(), stack, name);
      ready.add(t.ready(), stack, name);
      for (Task.State state : Task.State.values()) {
        if (ALWAYS.contains(state) || t.in(state) > 0) {
          states.add(t.in(state), stack, name, label(state));
        }
        if (t.transitions(state) > 0) {
          transitions.add(t.transitions(state), stack, name, label(state));
        }
      }
      for (TaskReason reason : TaskReason.values()) {
        if (t.unplaceable(reason) > 0) {
          unplaceable.add(t.unplaceable(reason), stack, name, reason.label());
        }
        if (ENDS.contains(reason) || t.restarts(reason) > 0) {
          restarts.add(t.restarts(reason), stack, name, reason.label());
        }
      }
      if (t.starts() != null) {
        starts.add(t.starts(), stack, name);
      }
      update(v.updateStatus(), update, updateStarted, stack, name);
    }
  }

  private static void update(
      Service.UpdateStatus status, Family state, Family started, String stack, String name) {
    if (status == null || status.state() == null) {
      return;
    }
    for (String one : UPDATE_STATES) {
      state.add(bit(status.state().equals(one)), stack, name, one);
    }
    if (status.startedAt() != null) {
      started.add(seconds(status.startedAt()), stack, name);
    }
  }

  private static Family perService(Families f, String name, String help) {
    return f.gauge(name, help, "stack", "service");
  }
}
