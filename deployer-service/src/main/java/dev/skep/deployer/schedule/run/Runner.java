package dev.skep.deployer.schedule.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.apply.Conflicts;
import dev.skep.deployer.schedule.Decision;
import dev.skep.deployer.schedule.RunSpec;
import dev.skep.deployer.schedule.RunState;
import dev.skep.deployer.schedule.Schedule;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import java.time.Clock;
import java.time.Instant;

/**
 * Runs one service for one moment.
 *
 * <p>The moment is written into the service by the same update that runs it. The Engine takes an
 * update only for the version that was read, so of several that try, at once or after a crash, one
 * runs it and the others read that it was run.
 */
final class Runner {
  /** A service that is being updated may change several times within a moment. */
  private static final int ATTEMPTS = 8;

  private final EngineClient engine;
  private final Clock clock;

  Runner(EngineClient engine, Clock clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /**
   * Runs it, or says why not.
   *
   * @throws EngineException if it cannot be said whether it was run; asked again, it will be
   */
  Attempt run(String id, Schedule schedule, Instant tick) {
    return Conflicts.retry(
        ATTEMPTS, EngineException::isOutOfSequence, () -> once(id, schedule, tick));
  }

  private Attempt once(String id, Schedule schedule, Instant tick) {
    // Tasks first: else those of a run that another begins meanwhile would be taken for the run
    // before, and this moment for one to be left out.
    JsonNode tasks = engine.tasks(Filters.of("service", id));
    JsonNode live = engine.service(id);
    RunState before = RunState.of(live, tasks);
    return switch (Decision.of(schedule, tick, clock.instant(), live, before)) {
      case Decision.Done() -> new Attempt.Done();
      case Decision.Skip(String why) -> new Attempt.Skipped(why);
      case Decision.Run() -> {
        start(id, live, schedule.replicas(), tick);
        yield new Attempt.Started(before);
      }
    };
  }

  private void start(String id, JsonNode first, int replicas, Instant tick) {
    JsonNode live = first;
    if (RunSpec.needsNone(live.path("Spec"))) {
      update(live, RunSpec.none(live.path("Spec")));
      live = engine.service(id);
    }
    update(live, RunSpec.of(live.path("Spec"), replicas, tick));
  }

  private void update(JsonNode live, JsonNode spec) {
    long version = live.at("/Version/Index").asLong();
    engine.updateService(live.path("ID").asText(), version, spec, null, "spec");
  }
}
