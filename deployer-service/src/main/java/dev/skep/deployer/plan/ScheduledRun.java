package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.schedule.Reading;
import dev.skep.deployer.schedule.RunSpec;
import dev.skep.deployer.schedule.Schedule;
import dev.skep.deployer.schedule.ScheduleLabels;
import dev.skep.deployer.schedule.ScheduleReader;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run by schedule wrote into a service. It is no drift, and no deployment takes it away: the
 * service would be run twice for a moment, and Swarm runs a job again whenever it is updated.
 */
final class ScheduledRun {
  /** Swarm's limit of the task history does not count for jobs: moby issue 45443. */
  private static final String PILES_UP =
      "is a job that its schedule runs more than once a day: Swarm keeps the task and the container of every run of a"
          + " job for as long as the service is there; mode: replicated with restart_policy: {condition: none} keeps"
          + " the last few";

  /** On the day when clocks are put forward there are 23 hours. */
  private static final Duration A_DAY = Duration.ofHours(23);

  private ScheduledRun() {}

  /**
   * Keeps it.
   *
   * @param live the spec as it is
   * @param desired the spec as the file has it, names resolved
   * @param result the spec to be sent, which is changed
   */
  static void keep(JsonNode live, JsonNode desired, ObjectNode result) {
    JsonNode labels = desired.path("Labels");
    if (!ScheduleLabels.asked(name -> labels.path(name).asText(null))) {
      return;
    }
    for (String name : ScheduleLabels.WRITTEN) {
      JsonNode had = live.path("Labels").path(name);
      if (had.isTextual() && !labels.has(name)) {
        ((ObjectNode) result.path("Labels")).set(name, had);
      }
    }
    keepNumbers(live, labels, result);
  }

  /** What is to be said of a service's schedule, to follow "service NAME". */
  static List<String> warnings(JsonNode desired) {
    return switch (ScheduleReader.read(texts(desired.path("Labels")), Instant.EPOCH)) {
      case Reading.None() -> List.of();
      case Reading.Invalid(List<String> problems) ->
          problems.stream().map(problem -> "is not run by its schedule: " + problem).toList();
      case Reading.Valid(Schedule schedule) when job(desired) && often(schedule) ->
          List.of(PILES_UP);
      case Reading.Valid valid -> List.of();
    };
  }

  private static boolean job(JsonNode spec) {
    return spec.path("Mode").has("ReplicatedJob") || spec.path("Mode").has("GlobalJob");
  }

  /** Whether it runs more than once a day, as far as its first two moments tell. */
  private static boolean often(Schedule schedule) {
    Optional<Instant> first = schedule.times().next(Instant.EPOCH);
    return first
        .flatMap(schedule.times()::next)
        .filter(second -> Duration.between(first.get(), second).compareTo(A_DAY) < 0)
        .isPresent();
  }

  /** Numbers that are what a run makes of the file's. */
  private static void keepNumbers(JsonNode live, JsonNode labels, ObjectNode result) {
    if (!live.path("Labels").has(ScheduleLabels.LAST)
        || !(ScheduleReader.read(texts(labels), Instant.EPOCH)
            instanceof Reading.Valid(Schedule schedule))) {
      return;
    }
    ObjectNode kept = result.deepCopy();
    kept.set("Mode", live.path("Mode").deepCopy());
    ObjectNode form = SpecForm.of(kept);
    ObjectNode ran = SpecForm.of(RunSpec.of(result, schedule.replicas(), Instant.EPOCH));
    if (!form.path("Mode").equals(ran.path("Mode"))) {
      return;
    }
    ObjectNode liveForm = SpecForm.of(live);
    // An update runs a job again, unless it has no tasks to make; it does not end other tasks.
    boolean unchanged =
        live.path("Mode").has("ReplicatedJob")
            ? form.equals(liveForm)
            : form.path("TaskTemplate").equals(liveForm.path("TaskTemplate"));
    if (unchanged) {
      result.set("Mode", kept.get("Mode"));
    }
  }

  private static Map<String, String> texts(JsonNode labels) {
    Map<String, String> texts = new HashMap<>();
    labels.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asText()));
    return texts;
  }
}
