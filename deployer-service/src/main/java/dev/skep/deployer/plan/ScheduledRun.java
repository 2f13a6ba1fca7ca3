package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.schedule.Reading;
import dev.skep.deployer.schedule.RunSpec;
import dev.skep.deployer.schedule.Schedule;
import dev.skep.deployer.schedule.ScheduleLabels;
import dev.skep.deployer.schedule.ScheduleReader;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run by schedule wrote into a service. It is no drift, and no deployment takes it away: the
 * service would be run twice for a moment, and Swarm runs a job again whenever it is updated.
 */
final class ScheduledRun {
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

  /** What is wrong with a service's schedule; empty if nothing is, or if it has none. */
  static List<String> problems(JsonNode desired) {
    return ScheduleReader.read(texts(desired.path("Labels")), Instant.EPOCH)
            instanceof Reading.Invalid(List<String> problems)
        ? problems
        : List.of();
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
