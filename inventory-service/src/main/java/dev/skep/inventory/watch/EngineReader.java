package dev.skep.inventory.watch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import dev.skep.engine.Query;
import dev.skep.inventory.mapping.ClusterState;
import dev.skep.inventory.mapping.Decoding;
import dev.skep.inventory.mapping.Skipped;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Reads the Engine: the whole cluster, or what was asked for. Blocking. */
final class EngineReader {
  /**
   * What a round found.
   *
   * @param tasksOf the services whose tasks were read: those asked for, but for any that are gone
   */
  record Found(
      Map<String, Node> nodes,
      Map<String, Service> services,
      Map<String, Network> networks,
      Map<String, Task> tasks,
      Set<String> tasksOf,
      Map<String, Task> serviceTasks) {}

  private static final Filters SWARM_SCOPE = Filters.of("scope", "swarm");

  private final EngineClient engine;
  private final Consumer<Skipped> onSkipped;

  EngineReader(EngineClient engine, Consumer<Skipped> onSkipped) {
    this.engine = engine;
    this.onSkipped = onSkipped;
  }

  /** The whole cluster. The tasks are decoded one by one: as trees they would not fit. */
  ClusterState all() {
    List<Skipped> skipped = new ArrayList<>();
    Decoding decoding =
        new Decoding(
            s -> {
              skipped.add(s);
              onSkipped.accept(s);
            });
    Map<String, Network> networks = decoding.networks(engine.networks(SWARM_SCOPE));
    Map<String, Node> nodes = decoding.nodes(engine.nodes());
    Map<String, Service> services = decoding.services(engine.services(true));
    Map<String, Task> tasks = new HashMap<>();
    engine.forEach(
        "/tasks", Query.none(), json -> decoding.task(json, task -> tasks.put(task.id(), task)));
    return new ClusterState(nodes, services, tasks, networks, skipped);
  }

  /** One request for each kind that is wanted. */
  Found some(Wanted wanted) {
    Decoding decoding = new Decoding(onSkipped);
    Map<String, Service> services =
        decoding.services(
            ifAny(wanted.services(), () -> engine.services(true, ids(wanted.services()))));
    Map<String, Node> nodes =
        decoding.nodes(
            ifAny(wanted.nodes(), () -> engine.get("/nodes", Query.of(ids(wanted.nodes())))));
    Map<String, Network> networks =
        decoding.networks(
            ifAny(
                wanted.networks(),
                () -> engine.networks(ids(wanted.networks()).and("scope", "swarm"))));
    Map<String, Task> tasks =
        decoding.tasks(ifAny(wanted.tasks(), () -> engine.tasks(ids(wanted.tasks()))));
    Set<String> alive = new LinkedHashSet<>(wanted.tasksOf());
    Map<String, Task> serviceTasks = decoding.tasks(tasksOf(alive));
    return new Found(nodes, services, networks, tasks, alive, serviceTasks);
  }

  /**
   * The tasks of these services, in one request. The Engine refuses the whole request if one of the
   * services is gone: that one is taken from the set, and the others are asked for again.
   */
  private Iterable<JsonNode> tasksOf(Set<String> services) {
    while (!services.isEmpty()) {
      try {
        return engine.tasks(Filters.of("service", services));
      } catch (EngineException e) {
        if (!e.isNotFound() || !services.removeIf(id -> e.reason().contains(id))) {
          throw e;
        }
      }
    }
    return List.of();
  }

  private static Filters ids(Collection<String> ids) {
    return Filters.of("id", ids);
  }

  private interface Read {
    JsonNode get();
  }

  private static Iterable<JsonNode> ifAny(Set<String> ids, Read read) {
    if (ids.isEmpty()) {
      return List.of();
    }
    // The Engine's id filter takes prefixes too; full ids are no prefixes of others.
    Map<String, JsonNode> found = new LinkedHashMap<>();
    for (JsonNode json : read.get()) {
      found.put(json.path("ID").asText(json.path("Id").asText("")), json);
    }
    return found.values();
  }
}
