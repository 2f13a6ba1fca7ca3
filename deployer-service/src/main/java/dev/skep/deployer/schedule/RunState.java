package dev.skep.deployer.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.task.TaskErrors;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How far a service's last run has come.
 *
 * @param active how many of its tasks run or are about to
 * @param ended when its last task ended; null while it runs, and if there was none
 * @param message why it failed; "" otherwise
 */
public record RunState(Phase phase, int active, Instant ended, String message) {
  private static final Set<String> ENDED =
      Set.of("complete", "shutdown", "failed", "rejected", "remove", "orphaned");
  private static final Set<String> TOLD_TO_END = Set.of("shutdown", "remove", "orphaned");

  /** How far. */
  public enum Phase {
    /** No task is there: it has only been asked for, or its tasks are gone. */
    NONE,
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  /**
   * Judges by what the Engine says.
   *
   * @param service as the Engine has it
   * @param tasks all of that service; those of earlier runs are left out
   */
  public static RunState of(JsonNode service, Iterable<JsonNode> tasks) {
    long run = run(service);
    List<JsonNode> current = new ArrayList<>();
    for (JsonNode task : tasks) {
      long of = run(service, task);
      if (of == run) {
        current.add(task);
      } else if (of > run && active(task)) {
        // It was run while all this was read.
        return new RunState(Phase.RUNNING, 1, null, "");
      }
    }
    int active = (int) current.stream().filter(RunState::active).count();
    if (active > 0) {
      return new RunState(Phase.RUNNING, active, null, "");
    }
    long complete =
        current.stream().filter(RunState::complete).map(t -> place(service, t)).distinct().count();
    Instant ended =
        current.stream()
            .map(t -> time(t.path("Status").path("Timestamp")))
            .max(Comparator.naturalOrder())
            .orElse(null);
    if (!current.isEmpty() && complete >= wanted(service, current)) {
      return new RunState(Phase.SUCCEEDED, 0, ended, "");
    }
    return current.stream()
        .filter(t -> !complete(t))
        .max(Comparator.comparing(t -> time(t.path("Status").path("Timestamp"))))
        .map(t -> new RunState(Phase.FAILED, 0, ended, reason(t)))
        // Between two tasks of a job that has them one after the other.
        .orElse(new RunState(current.isEmpty() ? Phase.NONE : Phase.RUNNING, 0, null, ""));
  }

  /** Jobs count their runs; other services are told apart by what a run counts up. */
  private static long run(JsonNode service) {
    return job(service)
        ? service.at("/JobStatus/JobIteration/Index").asLong()
        : service.at("/Spec/TaskTemplate/ForceUpdate").asLong();
  }

  private static long run(JsonNode service, JsonNode task) {
    return job(service)
        ? task.at("/JobIteration/Index").asLong()
        : task.at("/Spec/ForceUpdate").asLong();
  }

  private static boolean job(JsonNode service) {
    JsonNode mode = service.at("/Spec/Mode");
    return mode.has("ReplicatedJob") || mode.has("GlobalJob");
  }

  private static boolean active(JsonNode task) {
    return !ENDED.contains(task.at("/Status/State").asText())
        && !TOLD_TO_END.contains(task.path("DesiredState").asText());
  }

  private static boolean complete(JsonNode task) {
    return task.at("/Status/State").asText().equals("complete");
  }

  /** What is tried again has the same place, but for a replicated job, where each task counts. */
  private static String place(JsonNode service, JsonNode task) {
    JsonNode mode = service.at("/Spec/Mode");
    if (mode.has("ReplicatedJob")) {
      return task.path("ID").asText();
    }
    return task.path(mode.has("Replicated") ? "Slot" : "NodeID").asText();
  }

  private static long wanted(JsonNode service, List<JsonNode> current) {
    JsonNode mode = service.at("/Spec/Mode");
    if (mode.has("ReplicatedJob")) {
      JsonNode job = mode.path("ReplicatedJob");
      return job.path("TotalCompletions").asLong(job.path("MaxConcurrent").asLong(1));
    }
    if (mode.has("Replicated")) {
      return mode.path("Replicated").path("Replicas").asLong(0);
    }
    Set<String> nodes = new HashSet<>();
    current.forEach(t -> nodes.add(t.path("NodeID").asText()));
    return nodes.size();
  }

  private static String reason(JsonNode task) {
    String words = TaskErrors.of(task.path("Status"));
    return words.isEmpty() ? "it was ended before it was done" : words;
  }

  private static Instant time(JsonNode text) {
    try {
      return Instant.parse(text.asText());
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
