package dev.skep.deployer.schedule.run;

import dev.skep.deployer.schedule.Reading;
import dev.skep.deployer.schedule.Schedule;
import dev.skep.deployer.schedule.ScheduleLabels;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A schedule as the API tells of it.
 *
 * @param stack null outside stacks
 * @param schedule the expression as written; of labels that cannot be read null, if it stands in
 *     one of swarm-cronjob's
 * @param timezone null, as are the two after it, if the labels cannot be read
 * @param enabled whether it is run by it; false, too, if it cannot be read
 * @param problems why it cannot be read, or not be run just now; empty if all is well
 * @param next when it runs next; null if it does not
 * @param last the last run; null if none is known
 * @param leftOut the last moment that was left out; null if none was
 */
record ScheduleStatus(
    String service,
    String stack,
    String schedule,
    String timezone,
    String concurrency,
    String missed,
    boolean enabled,
    List<String> problems,
    Instant next,
    RunReport last,
    RunReport leftOut) {

  static ScheduleStatus of(
      ScheduledService service, Optional<Instant> next, Optional<String> trouble) {
    return switch (service.reading()) {
      case Reading.Valid(Schedule schedule) ->
          new ScheduleStatus(
              service.name(),
              service.stack(),
              schedule.expression(),
              schedule.zone().getId(),
              lower(schedule.concurrency()),
              lower(schedule.missed()),
              schedule.enabled(),
              trouble.stream().toList(),
              next.orElse(null),
              service.last(),
              service.leftOut());
      case Reading.Invalid(List<String> problems) -> unreadable(service, problems);
      case Reading.None() -> unreadable(service, List.of());
    };
  }

  private static ScheduleStatus unreadable(ScheduledService service, List<String> problems) {
    return new ScheduleStatus(
        service.name(),
        service.stack(),
        service.labels().get(ScheduleLabels.SCHEDULE),
        null,
        null,
        null,
        false,
        problems,
        null,
        service.last(),
        service.leftOut());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
