package dev.skep.deployer.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.schedule.RunState.Phase;
import dev.skep.deployer.schedule.Schedule.Concurrency;
import java.time.Instant;

/** What to do for one moment of a schedule, by the service as it is at that time. */
public sealed interface Decision {
  /** Run it. */
  record Run() implements Decision {}

  /** Another one was here first, or this one was, and did not hear of it. */
  record Done() implements Decision {}

  /** Leave it out. */
  record Skip(String why) implements Decision {}

  /**
   * Decides.
   *
   * @param service as the Engine has it
   * @param last how far its last run has come
   */
  static Decision of(
      Schedule schedule, Instant tick, Instant now, JsonNode service, RunState last) {
    String label = service.at("/Spec/Labels").path(ScheduleLabels.LAST).asText(null);
    if (ScheduleLabels.last(label, now).filter(ran -> !ran.isBefore(tick)).isPresent()) {
      return new Done();
    }
    if (schedule.concurrency() == Concurrency.REPLACE) {
      return new Run();
    }
    if (last.phase() == Phase.RUNNING) {
      return new Skip("the last run goes on: %d tasks run".formatted(last.active()));
    }
    boolean late = tick.isBefore(now.minus(Due.LATE));
    if (late && last.ended() != null && last.ended().isAfter(tick)) {
      return new Skip("the run before still went on at that time");
    }
    return new Run();
  }
}
