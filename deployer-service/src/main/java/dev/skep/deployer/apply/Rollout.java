package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.HealthGate.Need;
import dev.skep.deployer.compose.Dependency;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.deployer.plan.ServicePlan;
import dev.skep.deployer.plan.Waves;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One attempt to bring a stack's services to the Engine. It goes on in steps, between which others
 * may have the thread:
 *
 * <ol>
 *   <li>a wave is begun when those before it run, for {@link Convergence#PATIENCE} at most
 *   <li>within it each service is made when what it depends on is there; one with nothing to do
 *       waits for nothing, and one whose dependency fails is left as it is
 *   <li>after the last wave, what was changed is waited for until it is as it should be
 * </ol>
 *
 * Not thread-safe. It holds nothing that a later attempt could not find out by itself.
 */
public final class Rollout {
  /**
   * Who deploys the same again after a wait that ended in vain wants to know whether it is there by
   * now. What was changed longer ago and does not run is not this deployment's fault.
   */
  private static final Duration RECENTLY = Duration.ofHours(1);

  private final EngineClient engine;
  private final Self self;
  private final LiveStack live;
  private final Waves waves;
  private final ServiceApplier applier;
  private final HealthGate gate;
  private final Waiting waiting;
  private final Steps steps;
  private final Instant since;

  /** How many waves were begun. */
  private int begun;

  /** Those of the newest wave that are not done yet. */
  private final List<ObjectNode> pending = new ArrayList<>();

  /** What is to be done for each of the newest wave, by what was read at the beginning. */
  private final Map<String, ServicePlan> plans = new HashMap<>();

  private Convergence earlier;
  private Instant patience;
  private boolean prepared;
  private boolean ownUpdated;

  Rollout(
      EngineClient engine,
      Self self,
      LiveStack live,
      Waves waves,
      ServiceApplier applier,
      HealthGate gate,
      Waiting waiting,
      Instant since,
      Steps steps) {
    this.engine = engine;
    this.self = self;
    this.live = live;
    this.waves = waves;
    this.applier = applier;
    this.gate = gate;
    this.waiting = waiting;
    this.since = since;
    this.steps = steps;
  }

  /**
   * Goes on as far as it can without waiting.
   *
   * @return what came of it; empty if something is waited for: call it again after {@link #tick}
   * @throws EngineException if the Engine cannot be reached or read: a new attempt is to be begun
   */
  public Optional<ApplyResult> advance() {
    while (!pending.isEmpty() || begun < waves.ranks().size()) {
      if (pending.isEmpty() && !beginNext()) {
        return Optional.empty();
      }
      if (!workOff()) {
        return Optional.empty();
      }
    }
    // The process that comes after its own update only follows that: all else was waited for.
    boolean done = !waiting.waits() || ownUpdated || gate.done();
    return done ? Optional.of(steps.result()) : Optional.empty();
  }

  /** When to go on. */
  public Duration tick() {
    return gate.tick();
  }

  /** Begins the next wave, unless those before it are to be waited for. */
  private boolean beginNext() {
    List<ObjectNode> wave = waves.ranks().get(begun);
    if (earlier == null) {
      plans.clear();
      wave.forEach(s -> plans.put(name(s), applier.decide(s, live(s))));
      boolean same = plans.values().stream().allMatch(p -> p instanceof ServicePlan.Keep);
      if (!same && !applier.changed().isEmpty()) {
        patience = patience == null ? Instant.now().plus(Convergence.PATIENCE) : patience;
        earlier = new Convergence(engine, steps, applier.changed(), patience);
      }
    }
    if (earlier != null) {
      Optional<Map<String, String>> lost = earlier.look();
      if (lost.isEmpty()) {
        return false;
      }
      earlier = null;
      boolean own = wave.stream().anyMatch(s -> self.is(name(s)) && acts(s));
      lost.get().forEach((name, why) -> lost(name, why, own));
    }
    begun++;
    pending.addAll(wave);
    prepare(wave);
    return true;
  }

  /** Whether a service of the newest wave is made or changed. */
  private boolean acts(ObjectNode service) {
    return switch (plans.get(name(service))) {
      case ServicePlan.Create create -> true;
      case ServicePlan.Update update -> true;
      case ServicePlan.Keep keep -> false;
      case ServicePlan.Hold hold -> false;
    };
  }

  /**
   * A service that others come after did not come to run. Nobody asks for it again where this
   * process ends by its own update; otherwise it may still come.
   */
  private void lost(String name, String why, boolean last) {
    if (last && waiting.waits()) {
      gate.lost(name, why);
      return;
    }
    String said = HealthGate.NOT_RUNNING + why;
    steps.tell(name, ApplyResult.UNSETTLED, said);
    if (!waiting.waits()) {
      steps.warn("service %s %s; what comes after it was begun".formatted(name, said));
    }
  }

  /** Remembers what has failed before, and finds what was changed not long ago. */
  private void prepare(List<ObjectNode> wave) {
    for (ObjectNode service : wave) {
      String name = name(service);
      if (waiting.waits()
          && plans.get(name) instanceof ServicePlan.Keep(JsonNode found)
          && !self.is(name)) {
        Instant changed = changedAt(found);
        if (changed.isAfter(since.minus(RECENTLY).minus(waiting.timeout()))) {
          gate.unchanged(name, !changed.isBefore(since));
          prepareOnce();
        }
      }
    }
    if (wave.stream().anyMatch(this::acts)) {
      prepareOnce();
    }
  }

  private void prepareOnce() {
    if (!prepared && !live.services().isEmpty()) {
      gate.prepare();
    }
    prepared = true;
  }

  /** By a manager's clock, which may differ from this one by little. */
  private static Instant changedAt(JsonNode service) {
    try {
      return Instant.parse(service.path("UpdatedAt").asText());
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  /** Makes what can be made; whether all of the wave is done. */
  private boolean workOff() {
    make(pending.stream().filter(s -> !acts(s) || waves.of(name(s)).isEmpty()).toList());
    while (!pending.isEmpty()) {
      if (!gate.look()) {
        return false;
      }
      int before = pending.size();
      List<ObjectNode> ready = new ArrayList<>();
      for (ObjectNode service : List.copyOf(pending)) {
        Need need = need(name(service));
        if (need.met()) {
          ready.add(service);
        } else if (need.lost()) {
          pending.remove(service);
          steps.add("service", name(service), ApplyResult.SKIPPED, need.why());
        }
      }
      make(ready);
      if (pending.size() == before) {
        return false;
      }
    }
    return true;
  }

  /** All that a service depends on, in one. */
  private Need need(String service) {
    boolean met = true;
    for (Dependency one : waves.of(service)) {
      Need need = gate.need(one);
      if (need.lost() && one.required()) {
        return new Need(false, "its dependency %s %s".formatted(one.service(), need.why()));
      }
      if (need.lost()) {
        steps.warn(
            "service %s was begun without %s, which %s"
                .formatted(service, one.service(), need.why()));
      } else {
        met &= need.met();
      }
    }
    return met ? Need.MET : Need.NOT_YET;
  }

  private void make(List<ObjectNode> services) {
    pending.removeAll(services);
    AtOnce.each(services, s -> applier.apply(s, live(s)));
    Map<String, Boolean> changed = applier.changed();
    for (ObjectNode service : services) {
      String name = name(service);
      if (self.is(name)) {
        ownUpdated |= steps.last(name).equals(ApplyResult.UPDATING);
      } else if (changed.containsKey(name)) {
        gate.begun(name, live(service) == null || changed.get(name));
      }
    }
  }

  private JsonNode live(ObjectNode desired) {
    return live.service(name(desired));
  }

  private static String name(ObjectNode service) {
    return service.path("Name").asText();
  }
}
