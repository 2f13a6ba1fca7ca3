package dev.skep.deployer.schedule.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.schedule.RunState;
import dev.skep.deployer.schedule.ScheduleLabels;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import dev.skep.runtime.reconcile.KeyedReconciler;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.reconcile.Reconciliation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Waits for the ends of runs: by two calls for many services, often while a run is young and less
 * so the longer all of them last. Without a run there is no call.
 */
final class RunWatch implements AutoCloseable {
  private static final String ALL = "runs";

  /** A filter goes by the request's head. */
  private static final int AT_A_TIME = 100;

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** A run that has lasted for so many times the pause may end that much later unseen. */
  private static final int AGE_TO_PAUSE = 10;

  private final EngineClient engine;
  private final RunLedger ledger;
  private final Clock clock;
  private final KeyedReconciler<String> reconciler;

  RunWatch(EngineClient engine, RunLedger ledger, Clock clock) {
    this.engine = engine;
    this.ledger = ledger;
    this.clock = clock;
    this.reconciler =
        KeyedReconciler.<String>named("schedule-runs", this::look).clock(clock).start();
  }

  /** Looks now, and again until nothing is awaited. */
  void look() {
    reconciler.mark(ALL, "run");
  }

  private Outcome look(String key, Reconciliation r) {
    List<String> ids = awaited().stream().map(ScheduledService::id).toList();
    for (int from = 0; from < ids.size(); from += AT_A_TIME) {
      look(ids.subList(from, Math.min(ids.size(), from + AT_A_TIME)));
    }
    return awaited().stream()
        .map(service -> service.last().at())
        .max(Comparator.naturalOrder())
        .map(youngest -> Outcome.retryAfter(pause(youngest)))
        .orElseGet(Outcome::done);
  }

  private List<ScheduledService> awaited() {
    return ledger.all().stream().filter(ScheduledService::awaited).toList();
  }

  private void look(List<String> ids) {
    Map<String, List<JsonNode>> tasks = new HashMap<>();
    // Services first: a run that begins between the two calls has its tasks in the second.
    JsonNode services = engine.services(false, Filters.of("id", ids));
    for (JsonNode task : engine.tasks(Filters.of("service", ids))) {
      tasks.computeIfAbsent(task.path("ServiceID").asText(), id -> new ArrayList<>()).add(task);
    }
    Set<String> gone = new HashSet<>(ids);
    for (JsonNode service : services) {
      String id = service.path("ID").asText();
      gone.remove(id);
      RunState state = RunState.of(service, tasks.getOrDefault(id, List.of()));
      String label = service.at("/Spec/Labels").path(ScheduleLabels.LAST).asText(null);
      Instant ran = ScheduleLabels.last(label, clock.instant()).orElse(null);
      ledger.settled(id, ran, state);
    }
    gone.forEach(ledger::remove);
  }

  private Duration pause(Instant youngest) {
    Duration pause = Duration.between(youngest, clock.instant()).dividedBy(AGE_TO_PAUSE);
    if (pause.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }

  @Override
  public void close() {
    reconciler.close();
  }
}
