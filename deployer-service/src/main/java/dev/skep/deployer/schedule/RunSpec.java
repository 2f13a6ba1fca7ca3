package dev.skep.deployer.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Set;

/**
 * The specs that run a service once more. All of the live one stays but for what a run needs: the
 * count of forced updates, the label that tells the moment, and numbers that were zero.
 */
public final class RunSpec {
  private static final Set<String> ENDING = Set.of("none", "on-failure");

  private RunSpec() {}

  /**
   * The spec to update the service with.
   *
   * @param live the service's spec, which is not changed
   * @param replicas how many tasks a replicated service's run has; 0 if nobody said
   */
  public static ObjectNode of(JsonNode live, int replicas, Instant tick) {
    ObjectNode spec = live.deepCopy();
    ObjectNode labels = labels(spec);
    long scaled = labels.path(ScheduleLabels.SCALED).asLong();
    labels.remove(ScheduleLabels.SCALED);
    labels.put(ScheduleLabels.LAST, tick.toString());
    ObjectNode task = (ObjectNode) spec.get("TaskTemplate");
    task.put("ForceUpdate", task.path("ForceUpdate").asLong() + 1);
    JsonNode mode = spec.path("Mode");
    if (mode.path("Replicated") instanceof ObjectNode replicated) {
      long had = Math.max(scaled, replicated.path("Replicas").asLong());
      replicated.put("Replicas", replicas > 0 ? replicas : Math.max(1, had));
    } else if (mode.path("ReplicatedJob") instanceof ObjectNode job && idle(job)) {
      // Made so that it would not run when it was deployed.
      int tasks = Math.max(1, replicas);
      job.put("MaxConcurrent", tasks).put("TotalCompletions", tasks);
    }
    return spec;
  }

  /**
   * Whether the service's tasks must be taken away before: Swarm updates several tasks one after
   * the other, and stops when the first ends, as those of a run do.
   */
  public static boolean needsNone(JsonNode live) {
    String restart = live.at("/TaskTemplate/RestartPolicy/Condition").asText("any");
    return live.at("/Mode/Replicated/Replicas").asLong() > 1 && ENDING.contains(restart);
  }

  /** The spec with no tasks, which remembers how many there were. The argument is not changed. */
  public static ObjectNode none(JsonNode live) {
    ObjectNode spec = live.deepCopy();
    ObjectNode replicated = (ObjectNode) spec.at("/Mode/Replicated");
    labels(spec).put(ScheduleLabels.SCALED, replicated.path("Replicas").asText());
    replicated.put("Replicas", 0);
    return spec;
  }

  private static boolean idle(JsonNode job) {
    return job.path("TotalCompletions").asLong(job.path("MaxConcurrent").asLong(1)) == 0;
  }

  private static ObjectNode labels(ObjectNode spec) {
    return spec.path("Labels") instanceof ObjectNode labels ? labels : spec.putObject("Labels");
  }
}
