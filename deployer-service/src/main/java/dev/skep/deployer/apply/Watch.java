package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.gate.ServiceTask;
import dev.skep.deployer.gate.Standing;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.deployer.task.TaskRow;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import dev.skep.engine.Query;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Reads a stack's services and tasks, two calls for all of them. A stack that takes long to read is
 * read less often. Of tasks, of which there may be tens of thousands, little is kept.
 */
final class Watch {
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration LONGEST_TICK = Duration.ofSeconds(5);

  /** A reading takes at most this part of the time. */
  private static final int SHARE = 10;

  /** Managers elect a new leader, or come back, within seconds. */
  private static final Duration SILENT_FOR = Duration.ofSeconds(60);

  private final EngineClient engine;
  private final Filters ours;
  private final Set<String> failedBefore = new HashSet<>();
  private Duration tick = TICK;
  private long silentSince;

  Watch(EngineClient engine, String stack) {
    this.engine = engine;
    this.ours = Filters.of("label", Namespace.LABEL + "=" + stack);
  }

  /**
   * What was read at one time.
   *
   * @param services by name
   * @param tasks by their service's id
   */
  record Reading(
      Map<String, JsonNode> services, Map<String, List<ServiceTask>> tasks, Set<String> before) {
    /** How far a service is; empty if it is gone. */
    Optional<Standing> standing(String name) {
      return Optional.ofNullable(services.get(name))
          .map(s -> Standing.of(s, tasks.getOrDefault(s.path("ID").asText(), List.of()), before));
    }
  }

  /** What has failed by now says nothing of what comes. */
  void forgetFailures() {
    eachTask(
        task -> {
          if (TaskRow.of(task, "", "").failed()) {
            failedBefore.add(task.path("ID").asText());
          }
        });
  }

  /** One at a time: the trees of all would fill the memory. */
  private void eachTask(Consumer<JsonNode> each) {
    engine.forEach("/tasks", Query.of(ours), each);
  }

  /**
   * Reads now.
   *
   * @return empty if the Engine does not answer for the moment
   * @throws EngineException if it refuses, or has not answered for long
   */
  Optional<Reading> read() {
    long begun = System.nanoTime();
    try {
      Map<String, JsonNode> services = new HashMap<>();
      for (JsonNode service : engine.services(false, ours)) {
        services.put(LiveStack.nameOf(service), service);
      }
      Map<String, List<ServiceTask>> tasks = tasks(services.values());
      silentSince = 0;
      Duration took = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(SHARE);
      tick = took.compareTo(TICK) < 0 ? TICK : took;
      tick = tick.compareTo(LONGEST_TICK) > 0 ? LONGEST_TICK : tick;
      return Optional.of(new Reading(services, tasks, failedBefore));
    } catch (EngineException e) {
      boolean passing = e.isUnreachable() || e.status() >= 500;
      silentSince = silentSince == 0 ? begun : silentSince;
      if (!passing || System.nanoTime() - silentSince > SILENT_FOR.toNanos()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private Map<String, List<ServiceTask>> tasks(Collection<JsonNode> services) {
    Map<String, JsonNode> byId = new HashMap<>();
    services.forEach(service -> byId.put(service.path("ID").asText(), service));
    Map<String, List<ServiceTask>> tasks = new HashMap<>();
    Map<String, String> texts = new HashMap<>();
    UnaryOperator<String> one = text -> texts.computeIfAbsent(text, t -> t);
    eachTask(
        task -> {
          JsonNode service = byId.get(task.path("ServiceID").asText());
          // One of a service that is not listed is asked for by nobody.
          if (service != null) {
            tasks
                .computeIfAbsent(service.path("ID").asText(), s -> new ArrayList<>())
                .add(ServiceTask.of(service, task, one));
          }
        });
    return tasks;
  }

  /** When to read again. */
  Duration tick() {
    return tick;
  }
}
