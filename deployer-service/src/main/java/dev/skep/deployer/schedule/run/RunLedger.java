package dev.skep.deployer.schedule.run;

import dev.skep.deployer.schedule.Due;
import dev.skep.deployer.schedule.RunState;
import dev.skep.deployer.schedule.run.RunReport.Result;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The services that have a schedule, and what came of their runs: told by the log and by metrics,
 * once each. Thread-safe.
 */
final class RunLedger {
  private static final Logger log = LoggerFactory.getLogger(RunLedger.class);

  private final Map<String, ScheduledService> services = new ConcurrentHashMap<>();
  private final Clock clock;
  private final ScheduleMeters meters;

  RunLedger(Clock clock, MeterRegistry registry) {
    this.clock = clock;
    this.meters = new ScheduleMeters(registry);
  }

  /** A service; null if it has no schedule. */
  ScheduledService get(String id) {
    return services.get(id);
  }

  /** All that have a schedule, in no order. */
  Collection<ScheduledService> all() {
    return List.copyOf(services.values());
  }

  /**
   * Sets a service.
   *
   * @param how from what is known, which may be null, to what is known from now on; null forgets it
   * @return what is known now, or null
   */
  ScheduledService set(String id, UnaryOperator<ScheduledService> how) {
    return services.compute(id, (key, old) -> how.apply(old));
  }

  /** Changes a service that is known. */
  Optional<ScheduledService> change(String id, UnaryOperator<ScheduledService> how) {
    return Optional.ofNullable(services.computeIfPresent(id, (key, old) -> how.apply(old)));
  }

  /** Forgets a service. */
  void remove(String id) {
    ScheduledService gone = services.remove(id);
    if (gone != null) {
      meters.removed(gone.name());
    }
  }

  /**
   * Shows a service's metrics.
   *
   * @param before null if it is new
   * @param after null if it has no schedule any more
   */
  void show(ScheduledService before, ScheduledService after) {
    if (before != null && (after == null || !before.name().equals(after.name()))) {
      meters.removed(before.name());
    }
    if (after != null) {
      meters.added(after.name());
    }
  }

  /**
   * It was run for a moment.
   *
   * @param service as it was before
   * @param before how far the run before had come
   */
  void started(ScheduledService service, Instant tick, RunState before) {
    if (service.awaited()) {
      // The run before may have ended just now, and nobody else will tell of it.
      if (before.phase() == RunState.Phase.RUNNING) {
        RunState replaced = new RunState(RunState.Phase.NONE, 0, clock.instant(), "");
        ended(service, replaced, Result.REPLACED);
      } else {
        settled(service.id(), service.last().scheduled(), before);
      }
    }
    begun(service, tick);
    meters.started(service.name());
    log.atInfo()
        .addKeyValue("service", service.name())
        .addKeyValue("scheduled", tick)
        .log("A scheduled run began");
  }

  /** It was run for a moment, whoever did it. */
  void begun(ScheduledService service, Instant tick) {
    change(service.id(), old -> old.last(RunReport.begun(tick, clock.instant()), true).done(tick));
  }

  /** It was not run for a moment. */
  void leftOut(ScheduledService service, Instant tick, Result result, String why) {
    Instant now = clock.instant();
    change(service.id(), old -> old.leftOut(RunReport.leftOut(tick, now, result, why)));
    meters.ended(service.name(), result);
    if (result == Result.MISSED) {
      meters.failed(service.name(), now);
    }
    log.atLevel(result == Result.MISSED ? Level.WARN : Level.INFO)
        .addKeyValue("service", service.name())
        .addKeyValue("scheduled", tick)
        .addKeyValue("reason", why)
        .log("A scheduled run was left out");
  }

  /**
   * Takes what is known of a service's last run.
   *
   * @param scheduled the moment that the service's label tells; null if none. What is known of
   *     another run than the last is not taken, until the label must be believed to be wrong:
   *     somebody else has written it
   */
  void settled(String id, Instant scheduled, RunState state) {
    ScheduledService service = services.get(id);
    if (service == null || !service.awaited()) {
      return;
    }
    Instant lately = clock.instant().minus(Due.LATE);
    if (!service.last().scheduled().equals(scheduled) && service.last().at().isAfter(lately)) {
      return;
    }
    switch (state.phase()) {
      case RUNNING -> change(id, old -> old.last(old.last(), true));
      case SUCCEEDED -> ended(service, state, Result.SUCCEEDED);
      case FAILED -> ended(service, state, Result.FAILED);
      case NONE -> {
        if (!service.known()) {
          ended(service, state, Result.UNKNOWN);
        } else if (service.last().at().isBefore(lately)) {
          String why = "no task was made for it; see its placement constraints";
          ended(service, new RunState(state.phase(), 0, clock.instant(), why), Result.FAILED);
        }
      }
    }
  }

  private void ended(ScheduledService service, RunState state, Result result) {
    RunReport report = service.last().ended(state.ended(), result, state.message());
    AtomicBoolean first = new AtomicBoolean();
    change(
        service.id(),
        old -> {
          first.set(old.awaited() && old.last().scheduled().equals(report.scheduled()));
          return first.get() ? old.last(report, true) : old;
        });
    if (!first.get()) {
      return;
    }
    if (result == Result.SUCCEEDED) {
      meters.succeeded(service.name(), state.ended());
    } else if (result == Result.FAILED) {
      meters.failed(service.name(), state.ended());
    }
    // What ended before this process looked was told by the one before it.
    if (service.known()) {
      meters.ended(service.name(), result);
      log.atLevel(result == Result.FAILED ? Level.WARN : Level.INFO)
          .addKeyValue("service", service.name())
          .addKeyValue("scheduled", report.scheduled())
          .addKeyValue("outcome", result)
          .addKeyValue("reason", state.message())
          .log("A scheduled run ended");
    }
  }
}
