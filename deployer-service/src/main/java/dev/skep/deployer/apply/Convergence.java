package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.gate.Awaited;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Waits until services run as they were made: what comes after them by its label is begun then. The
 * wait is bounded, and what did not come about in time is told and gone past.
 */
final class Convergence {
  /** A large image over a slow line takes minutes; longer is not a matter of patience. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Swarm begins an update within milliseconds. One that has nothing to replace never begins. */
  static final Duration BEGINS_WITHIN = Duration.ofSeconds(5);

  private static final Duration TELL_EVERY = Duration.ofSeconds(10);

  /** How far a service is. */
  enum State {
    PENDING,
    DONE,
    FAILED
  }

  private final EngineClient engine;
  private final Steps steps;
  private final Map<String, Boolean> waiting;
  private final Map<String, String> failed = new TreeMap<>();
  private final Instant begun = Instant.now();
  private final Instant until;
  private Instant tell = begun.plus(TELL_EVERY);

  /**
   * A wait.
   *
   * @param changed name to whether its tasks are replaced
   * @param until when to stop waiting
   * @param steps told from time to time what is waited for
   */
  Convergence(EngineClient engine, Steps steps, Map<String, Boolean> changed, Instant until) {
    this.engine = engine;
    this.steps = steps;
    this.waiting = new TreeMap<>(changed);
    this.until = until;
  }

  /**
   * Looks once.
   *
   * @return name to why, for each that did not come to run; empty while some are waited for
   */
  Optional<Map<String, String>> look() {
    boolean early = Instant.now().isBefore(begun.plus(BEGINS_WITHIN));
    List<Awaited.Service> pending = new ArrayList<>();
    for (JsonNode service : services(waiting.keySet())) {
      String name = service.path("Spec").path("Name").asText();
      switch (state(service, early && waiting.getOrDefault(name, false))) {
        case PENDING -> pending.add(new Awaited.Service(name, words(service), ""));
        case DONE -> waiting.remove(name);
        case FAILED -> {
          waiting.remove(name);
          failed.put(name, said(service));
        }
      }
    }
    boolean over = waiting.isEmpty() || Instant.now().isAfter(until);
    steps.watching(over ? Awaited.NOTHING : Awaited.first(pending));
    if (over) {
      waiting.keySet().forEach(n -> failed.put(n, "not in time"));
      return Optional.of(failed);
    }
    if (Instant.now().isAfter(tell)) {
      tell = Instant.now().plus(TELL_EVERY);
      steps.tell(String.join(", ", waiting.keySet()), ApplyResult.AWAITED, "");
    }
    return Optional.empty();
  }

  private Iterable<JsonNode> services(Iterable<String> names) {
    List<String> wanted = new ArrayList<>();
    names.forEach(wanted::add);
    // The Engine matches prefixes.
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode service : engine.services(true, Filters.of("name", wanted))) {
      if (wanted.contains(service.path("Spec").path("Name").asText())) {
        found.add(service);
      }
    }
    return found;
  }

  /**
   * How far a service is.
   *
   * @param beginning whether an update is expected of which Swarm does not tell yet
   */
  static State state(JsonNode service, boolean beginning) {
    return switch (service.path("UpdateStatus").path("State").asText()) {
      case "updating", "rollback_started" -> State.PENDING;
      case "paused", "rollback_paused", "rollback_completed" -> State.FAILED;
      case "completed" -> running(service) ? State.DONE : State.PENDING;
      default -> !beginning && running(service) ? State.DONE : State.PENDING;
    };
  }

  private static boolean running(JsonNode service) {
    return there(service) >= desired(service);
  }

  private static boolean job(JsonNode service) {
    JsonNode mode = service.path("Spec").path("Mode");
    return mode.has("ReplicatedJob") || mode.has("GlobalJob");
  }

  private static long there(JsonNode service) {
    String which = job(service) ? "CompletedTasks" : "RunningTasks";
    return service.path("ServiceStatus").path(which).asLong();
  }

  private static long desired(JsonNode service) {
    return service.path("ServiceStatus").path("DesiredTasks").asLong();
  }

  private static String words(JsonNode service) {
    String counts = there(service) + "/" + desired(service);
    return service.path("UpdateStatus").path("State").asText().equals("updating")
        ? "updating " + counts
        : counts + (job(service) ? " completed" : " running");
  }

  /** What Swarm says of an update that failed. */
  static String said(JsonNode service) {
    JsonNode status = service.path("UpdateStatus");
    return status.path("State").asText() + ": " + status.path("Message").asText();
  }
}
