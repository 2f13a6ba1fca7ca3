package dev.skep.deployer.gate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.gate.Standing.Update;
import dev.skep.deployer.task.TaskList;
import dev.skep.deployer.task.TaskRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One service and its tasks as the Engine lists them, place by place. */
final class ServiceView {
  private static final String COMPLETE = "complete";

  private final JsonNode service;
  private final JsonNode spec;
  private final JsonNode mode;
  private final String name;
  private final boolean job;
  private final Update update;
  private final Set<String> before;
  private final List<TaskRow> rows;

  /** Tasks of the spec before this one. */
  private final Set<String> outdated = new HashSet<>();

  /** A slot, or a node, to its tasks: what runs first, then the newest. */
  private final Map<String, List<TaskRow>> places = new LinkedHashMap<>();

  ServiceView(JsonNode service, List<ServiceTask> tasks, Set<String> before) {
    this.service = service;
    this.spec = service.path("Spec");
    this.mode = spec.path("Mode");
    this.name = spec.path("Name").asText();
    this.job = mode.has("ReplicatedJob") || mode.has("GlobalJob");
    this.update = update();
    this.before = before;
    List<ServiceTask> own = job ? thisIteration(tasks) : tasks;
    findOutdated(own);
    this.rows = TaskList.sorted(own.stream().map(ServiceTask::row));
    rows.forEach(row -> places.computeIfAbsent(row.place(), p -> new ArrayList<>()).add(row));
  }

  Standing standing() {
    long running = places.values().stream().filter(this::runs).count();
    long complete = places.values().stream().filter(p -> !runs(p) && complete(p)).count();
    long ended = job || endsByItself() ? complete : 0;
    long wanted = wanted();
    return new Standing(
        name,
        update,
        job,
        (mode.has("Global") || mode.has("GlobalJob")) && places.isEmpty(),
        wanted,
        job ? complete : running + ended,
        running + ended >= Math.min(wanted, complete + atOnce()),
        complete >= wanted,
        checked(),
        failed(),
        gaveUp(),
        causes());
  }

  /** How many tasks run at a time: a job may have more than that. */
  private long atOnce() {
    return mode.has("ReplicatedJob")
        ? mode.path("ReplicatedJob").path("MaxConcurrent").asLong(1)
        : Integer.MAX_VALUE;
  }

  private long wanted() {
    if (mode.has("ReplicatedJob")) {
      return mode.path("ReplicatedJob").path("TotalCompletions").asLong(atOnce());
    }
    if (mode.has("GlobalJob")) {
      return places.size();
    }
    if (mode.has("Global")) {
      return places.values().stream().filter(this::wantedHere).count();
    }
    return mode.path("Replicated").path("Replicas").asLong(1);
  }

  /** A node that was drained, or that the constraints leave out by now, has old tasks only. */
  private boolean wantedHere(List<TaskRow> place) {
    TaskRow first = place.getFirst();
    return first.current() || isNewFailure(first) || (endsByItself() && complete(place));
  }

  private boolean runs(Collection<TaskRow> place) {
    return place.stream()
        .anyMatch(row -> row.current() && row.running() && !outdated.contains(row.id()));
  }

  private boolean complete(List<TaskRow> place) {
    // What Swarm keeps of a service's older tasks says nothing of what it does now.
    List<TaskRow> told = job ? place : place.subList(0, 1);
    return told.stream()
        .anyMatch(row -> row.state().equals(COMPLETE) && !outdated.contains(row.id()));
  }

  /** Whether Swarm leaves a task alone that came to a good end. */
  private boolean endsByItself() {
    String condition = condition();
    return condition.equals("none") || condition.equals("on-failure");
  }

  private String condition() {
    return spec.at("/TaskTemplate/RestartPolicy/Condition").asText("any");
  }

  private List<TaskRow> failed() {
    return rows.stream().filter(this::isNewFailure).toList();
  }

  private boolean isNewFailure(TaskRow row) {
    return row.failed()
        && !before.contains(row.id())
        // Where Swarm has taken an update back, it is the update's own tasks that tell why.
        && (!outdated.contains(row.id()) || takenBack());
  }

  private boolean takenBack() {
    return switch (update.state()) {
      case PAUSED, ROLLING_BACK, ROLLED_BACK -> true;
      case NONE, GUARDED, UNGUARDED, COMPLETED -> false;
    };
  }

  /** Swarm makes the next task when it sees the one before fail: none may mean not yet. */
  private boolean gaveUp() {
    boolean bounded =
        condition().equals("none")
            || spec.at("/TaskTemplate/RestartPolicy/MaxAttempts").asLong() > 0;
    return bounded
        && places.values().stream()
            .map(List::getFirst)
            .anyMatch(row -> isNewFailure(row) && !row.current());
  }

  private List<String> causes() {
    Map<String, Long> wanted = Map.of(name, wanted());
    List<TaskRow> told =
        rows.stream().filter(row -> row.current() || !before.contains(row.id())).toList();
    List<String> errors = TaskList.errors(told, wanted);
    // What runs after an update was taken back is what ran before it; and what crashes again and
    // again runs in between.
    return takenBack() || errors.isEmpty() ? TaskList.failures(told, wanted) : errors;
  }

  private boolean checked() {
    JsonNode test = spec.at("/TaskTemplate/ContainerSpec/Healthcheck/Test");
    return test.size() > 0 && !test.get(0).asText().equals("NONE");
  }

  private Update update() {
    JsonNode status = service.path("UpdateStatus");
    String message = status.path("Message").asText();
    return switch (status.path("State").asText()) {
      case "updating" ->
          new Update(
              spec.at("/UpdateConfig/FailureAction").asText("pause").equals("continue")
                  ? Update.State.UNGUARDED
                  : Update.State.GUARDED,
              message);
      case "rollback_started" -> new Update(Update.State.ROLLING_BACK, message);
      case "completed" -> new Update(Update.State.COMPLETED, message);
      case "paused", "rollback_paused" -> new Update(Update.State.PAUSED, message);
      case "rollback_completed" -> new Update(Update.State.ROLLED_BACK, message);
      default -> new Update(Update.State.NONE, "");
    };
  }

  /** A job that is changed does its work again: what was done before does not count. */
  private List<ServiceTask> thisIteration(List<ServiceTask> tasks) {
    long iteration = service.at("/JobStatus/JobIteration/Index").asLong();
    return tasks.stream().filter(t -> t.iteration() == iteration).toList();
  }

  /**
   * Only between a change and Swarm's beginning with it, or while it goes on, are there tasks of
   * another spec that are meant to run.
   */
  private void findOutdated(List<ServiceTask> tasks) {
    boolean mixed = service.has("PreviousSpec") && update.state() != Update.State.COMPLETED && !job;
    if (mixed) {
      tasks.stream().filter(t -> !t.ofSpec()).forEach(t -> outdated.add(t.row().id()));
    }
  }
}
