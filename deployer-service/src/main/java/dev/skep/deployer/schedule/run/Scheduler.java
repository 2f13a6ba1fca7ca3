package dev.skep.deployer.schedule.run;

import dev.skep.deployer.schedule.Due;
import dev.skep.deployer.schedule.Reading;
import dev.skep.deployer.schedule.RunState;
import dev.skep.deployer.schedule.Schedule;
import dev.skep.deployer.schedule.run.RunReport.Result;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.model.cluster.Service;
import dev.skep.runtime.reconcile.KeyedReconciler;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.reconcile.Reconciliation;
import dev.skep.runtime.reconcile.RetryPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Runs services at their moments.
 *
 * <p>One reconciler has a timer for each service, to its next moment. When it fires, and from time
 * to time besides (the clock may have been set, the process paused), the service is held against
 * the clock: nothing due, a run, or a moment that was missed. Up to when all is done is known of
 * the service's own label after a restart.
 *
 * <p>Thread-safe.
 */
final class Scheduler implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  /** A thousand services at one second must not be a thousand calls at a time. */
  private static final int PARALLELISM = 16;

  private static final Duration LOOK_AT_CLOCK = Duration.ofSeconds(15);
  private static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofMillis(500), 2, Duration.ofSeconds(15), 0.3);

  /**
   * Attempts that failed.
   *
   * @param count one after the other
   * @param message of the last
   */
  private record Trouble(int count, String message) {}

  /** What keeps services from being run just now. */
  private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

  /** Those that are being run at this moment. */
  private final Set<String> trying = ConcurrentHashMap.newKeySet();

  private final RunLedger ledger;
  private final Runner runner;
  private final Clock clock;
  private final KeyedReconciler<String> reconciler;
  private final RunWatch watch;
  private volatile boolean begun;

  Scheduler(EngineClient engine, Clock clock, MeterRegistry registry) {
    this.runner = new Runner(engine, clock);
    this.clock = clock;
    this.ledger = new RunLedger(clock, registry);
    this.watch = new RunWatch(engine, ledger, clock);
    this.reconciler =
        KeyedReconciler.<String>named("schedules", this::reconcile)
            .parallelism(PARALLELISM)
            .resync(LOOK_AT_CLOCK, this::ids)
            .clock(clock)
            .start();
  }

  /**
   * Takes a service as it is now. Until {@link #begin} nothing is done about it, and what was taken
   * before counts for nothing: a topic's replay brings versions that are long past.
   */
  void observed(Service service) {
    Instant now = clock.instant();
    ScheduledService before = begun ? ledger.get(service.id()) : null;
    ScheduledService after =
        ledger.set(
            service.id(),
            old ->
                before == null || old == null
                    ? ScheduledService.of(service, now).orElse(null)
                    : changed(old, service, now));
    if (begun) {
      taken(before, after);
    }
  }

  /** While it is run by this process, that is what its label tells of. */
  private ScheduledService changed(ScheduledService old, Service service, Instant now) {
    return old.changed(service, now)
        .map(next -> trying.contains(service.id()) ? next : next.ranBy(service, now))
        .orElse(null);
  }

  /** Begins to act on it; {@code after} is null if it has no schedule. */
  private void taken(ScheduledService before, ScheduledService after) {
    ledger.show(before, after);
    if (after == null) {
      return;
    }
    boolean changed = before == null || !before.labels().equals(after.labels());
    if (changed && after.reading() instanceof Reading.Invalid(List<String> problems)) {
      log.atWarn()
          .addKeyValue("service", after.name())
          .addKeyValue("problems", String.join("; ", problems))
          .log("A service's schedule cannot be followed; it is not run by it");
    }
    reconciler.mark(after.id(), "service");
    if (after.awaited()) {
      watch.look();
    }
  }

  /** Forgets a service. */
  void removed(String id) {
    ledger.remove(id);
    troubles.remove(id);
  }

  /** All services that there are have been taken. */
  void begin() {
    begun = true;
    ledger.all().forEach(service -> taken(null, service));
  }

  /** All that have a schedule, in no order. */
  Collection<ScheduledService> all() {
    return ledger.all();
  }

  private List<String> ids() {
    return ledger.all().stream().map(ScheduledService::id).toList();
  }

  /** When a service runs next; empty if it does not. */
  Optional<Instant> next(ScheduledService service) {
    return service.schedule().flatMap(s -> s.times().next(service.since()));
  }

  /** Why the last attempt to run a service failed, while it is tried again. */
  Optional<String> trouble(String id) {
    return Optional.ofNullable(troubles.get(id)).map(Trouble::message);
  }

  private Outcome reconcile(String id, Reconciliation r) {
    ScheduledService service = ledger.get(id);
    Optional<Schedule> schedule = begun && service != null ? service.schedule() : Optional.empty();
    if (schedule.isEmpty()) {
      return Outcome.done();
    }
    Instant now = clock.instant();
    if (service.since().isAfter(now.plus(Due.LATE))) {
      ledger.change(id, old -> old.from(now));
      return Outcome.retryAfter(Duration.ZERO);
    }
    Schedule plan = schedule.get();
    switch (Due.of(plan.times(), service.since(), now)) {
      case Due.Later(Optional<Instant> at) -> {
        return at.map(next -> Outcome.retryAfter(Duration.between(now, next)))
            .orElseGet(Outcome::done);
      }
      case Due.Now(Instant tick) -> {
        return attempt(service, plan, tick, tick);
      }
      case Due.Passed(Instant tick) when plan.missed() == Schedule.Missed.RUN -> {
        return attempt(service, plan, tick, now);
      }
      case Due.Passed(Instant tick) -> {
        String why =
            trouble(id)
                .map(trouble -> "it could not be run: " + trouble)
                .orElse("nobody could act at that time");
        ledger.leftOut(service, tick, Result.MISSED, why);
        return done(id, now);
      }
    }
  }

  /** All is done up to a moment: on to the next. */
  private Outcome done(String id, Instant upTo) {
    troubles.remove(id);
    ledger.change(id, old -> old.done(upTo));
    return Outcome.retryAfter(Duration.ZERO);
  }

  /**
   * Tries to run it.
   *
   * @param upTo what is done afterwards
   */
  private Outcome attempt(ScheduledService service, Schedule plan, Instant tick, Instant upTo) {
    String id = service.id();
    trying.add(id);
    try {
      switch (runner.run(id, plan, tick)) {
        case Attempt.Started(RunState before) -> {
          ledger.started(service, tick, before);
          watch.look();
        }
        case Attempt.Skipped(String why) -> ledger.leftOut(service, tick, Result.SKIPPED, why);
        case Attempt.Done() -> {
          if (service.last() == null || tick.isAfter(service.last().scheduled())) {
            ledger.begun(service, tick);
            watch.look();
          }
        }
      }
    } catch (EngineException e) {
      // A service that is gone has nothing to be run; its tombstone is on its way.
      if (!e.isNotFound()) {
        return failed(service, tick, e);
      }
    } finally {
      trying.remove(id);
    }
    return done(id, upTo);
  }

  private Outcome failed(ScheduledService service, Instant tick, EngineException e) {
    Trouble trouble =
        troubles.compute(
            service.id(),
            (id, old) -> new Trouble(old == null ? 1 : old.count() + 1, e.getMessage()));
    // Once: there may be many services, and the Engine away for long.
    log.atLevel(trouble.count() == 1 ? Level.WARN : Level.DEBUG)
        .addKeyValue("service", service.name())
        .addKeyValue("scheduled", tick)
        .addKeyValue("reason", e.getMessage())
        .log("A scheduled run could not be begun and is tried again");
    return Outcome.retryAfter(RETRY.delay(trouble.count(), ThreadLocalRandom.current()));
  }

  @Override
  public void close() {
    reconciler.close();
    watch.close();
  }
}
