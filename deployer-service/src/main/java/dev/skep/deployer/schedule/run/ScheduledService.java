package dev.skep.deployer.schedule.run;

import dev.skep.deployer.schedule.Reading;
import dev.skep.deployer.schedule.Schedule;
import dev.skep.deployer.schedule.ScheduleLabels;
import dev.skep.deployer.schedule.ScheduleReader;
import dev.skep.model.cluster.Service;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One service with a schedule, and how it is doing. Immutable.
 *
 * @param stack null outside stacks
 * @param labels those that the schedule is made of
 * @param since up to when, inclusive, all is done
 * @param last the last run; null if none is known
 * @param known whether the last run was begun or seen running by this process, which then tells of
 *     its end
 * @param leftOut the last moment that was left out; null if none was
 */
record ScheduledService(
    String id,
    String name,
    String stack,
    Map<String, String> labels,
    Reading reading,
    Instant since,
    RunReport last,
    boolean known,
    RunReport leftOut) {

  /**
   * A service that was not known yet. What passed before its last update is none of its moments:
   * nobody can tell whether it had this schedule then.
   *
   * @return empty if it has no schedule
   */
  static Optional<ScheduledService> of(Service service, Instant now) {
    Reading reading = ScheduleReader.read(service.labels(), created(service, now));
    if (reading instanceof Reading.None) {
      return Optional.empty();
    }
    Optional<Instant> ran = lastOf(service, now);
    Instant updated = service.updatedAt() == null ? now : service.updatedAt();
    Instant since = ran.filter(r -> r.isAfter(updated)).orElse(updated);
    return Optional.of(
        new ScheduledService(
            service.id(),
            service.name(),
            service.stack(),
            ScheduleLabels.relevant(service.labels()),
            reading,
            since.isAfter(now) ? now : since,
            ran.map(r -> RunReport.begun(r, r)).orElse(null),
            false,
            null));
  }

  /**
   * As it is after a change of the service.
   *
   * @return empty if it has no schedule any more
   */
  Optional<ScheduledService> changed(Service service, Instant now) {
    if (!ScheduleLabels.relevant(service.labels()).equals(labels)) {
      return of(service, now).map(fresh -> fresh.last(last, known).leftOut(leftOut));
    }
    return Optional.of(
        new ScheduledService(
            id, service.name(), service.stack(), labels, reading, since, last, known, leftOut));
  }

  /** Another one ran it: what that one did is done, and its end is awaited. */
  ScheduledService ranBy(Service service, Instant now) {
    return lastOf(service, now)
        .filter(ran -> last == null || ran.isAfter(last.scheduled()))
        .map(ran -> last(RunReport.begun(ran, ran), true).done(ran))
        .orElse(this);
  }

  /** With all done up to a moment; never goes back. */
  ScheduledService done(Instant upTo) {
    Instant later = upTo.isAfter(since) ? upTo : since;
    return new ScheduledService(id, name, stack, labels, reading, later, last, known, leftOut);
  }

  /** Begins anew at a moment: the clock had been wrong. */
  ScheduledService from(Instant moment) {
    return new ScheduledService(id, name, stack, labels, reading, moment, last, known, leftOut);
  }

  ScheduledService last(RunReport report, boolean seen) {
    return new ScheduledService(id, name, stack, labels, reading, since, report, seen, leftOut);
  }

  ScheduledService leftOut(RunReport report) {
    return new ScheduledService(id, name, stack, labels, reading, since, last, known, report);
  }

  /** What it is run by; empty if that cannot be read or is switched off. */
  Optional<Schedule> schedule() {
    return reading instanceof Reading.Valid(Schedule schedule) && schedule.enabled()
        ? Optional.of(schedule)
        : Optional.empty();
  }

  /** Whether the end of its last run is yet to be told. */
  boolean awaited() {
    return last != null && last.running();
  }

  private static Optional<Instant> lastOf(Service service, Instant now) {
    return ScheduleLabels.last(service.labels().get(ScheduleLabels.LAST), now);
  }

  private static Instant created(Service service, Instant now) {
    return service.createdAt() == null ? now : service.createdAt();
  }
}
