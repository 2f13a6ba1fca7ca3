package dev.skep.deployer.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether a schedule has something to do now. */
public sealed interface Due {
  /** How long after its moment a run is not late yet: a pause of the process, a busy Engine. */
  Duration LATE = Duration.ofMinutes(1);

  /**
   * Nothing yet.
   *
   * @param at when there will be; empty if never again
   */
  record Later(Optional<Instant> at) implements Due {}

  /**
   * A run.
   *
   * @param tick the moment that it is for; of several that passed lately, the last
   */
  record Now(Instant tick) implements Due {}

  /**
   * Moments passed too long ago while nobody could act.
   *
   * @param tick the first of them
   */
  record Passed(Instant tick) implements Due {}

  /**
   * Judges.
   *
   * @param since up to when, inclusive, all is done
   */
  static Due of(Times times, Instant since, Instant now) {
    Optional<Instant> first = times.next(since);
    if (first.isEmpty() || first.get().isAfter(now)) {
      return new Later(first);
    }
    // Not one by one from the first: there may be many.
    Instant recent = now.minus(LATE);
    Optional<Instant> next = times.next(since.isAfter(recent) ? since : recent);
    Instant last = null;
    while (next.isPresent() && !next.get().isAfter(now)) {
      last = next.get();
      next = times.next(last);
    }
    return last == null ? new Passed(first.get()) : new Now(last);
  }
}
