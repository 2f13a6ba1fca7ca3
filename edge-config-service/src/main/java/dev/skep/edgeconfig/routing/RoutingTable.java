package dev.skep.edgeconfig.routing;

import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All routes and backends by id: the whole table at once.
 *
 * @param routes refused ones too: their condition says why
 */
public record RoutingTable(Map<String, Route> routes, Map<String, Backend> backends) {
  public static final RoutingTable EMPTY = new RoutingTable(Map.of(), Map.of());

  public RoutingTable {
    routes = java.util.Collections.unmodifiableMap(new TreeMap<>(routes));
    backends = java.util.Collections.unmodifiableMap(new TreeMap<>(backends));
  }

  /** The table that these entries make. */
  public static RoutingTable of(Collection<? extends RoutingEntry> entries) {
    Map<String, Route> routes = new TreeMap<>();
    Map<String, Backend> backends = new TreeMap<>();
    for (RoutingEntry entry : entries) {
      switch (entry) {
        case Route r -> routes.put(r.id(), r);
        case Backend b -> backends.put(b.id(), b);
      }
    }
    return new RoutingTable(routes, backends);
  }

  /** Routes and backends together, as they stand in the topic. */
  public List<RoutingEntry> entries() {
    List<RoutingEntry> all = new ArrayList<>(backends.values());
    all.addAll(routes.values());
    return all;
  }

  /**
   * Compiles a whole cluster. Where two services want the same, the one that has it in {@code
   * previous} keeps it; where none has, the older service gets it.
   *
   * @param previous {@link #EMPTY} if there was none
   */
  public static RoutingTable compile(
      ClusterView view, RoutingOptions options, RoutingTable previous, Instant now) {
    Map<String, Service> services =
        view.services().stream().collect(Collectors.toMap(Service::id, Function.identity()));
    Map<String, List<Task>> tasks =
        view.tasks().stream().collect(Collectors.groupingBy(Task::serviceId));
    Map<String, Network> networks =
        view.networks().stream().collect(Collectors.toMap(Network::id, Function.identity()));
    RoutingState state = RoutingState.of(previous.entries());
    ServiceCompiler compiler = new ServiceCompiler(options);

    Deque<String> turns = new ArrayDeque<>(state.services());
    turns.removeIf(services::containsKey);
    services.values().stream().sorted(byAge()).map(Service::id).forEach(turns::add);
    while (!turns.isEmpty()) {
      String id = turns.remove();
      Service service = services.get(id);
      ServiceRoutes asked =
          service == null
              ? ServiceRoutes.none(id, id)
              : compiler.compile(
                  service, tasks.getOrDefault(id, List.of()), networks::get, state::backend);
      turns.addAll(state.commit(state.settle(asked, now)));
    }
    return of(state.entries().values());
  }

  /** Oldest first: who was there before is the incumbent. */
  public static Comparator<Service> byAge() {
    return Comparator.comparing(Service::createdAt, Comparator.nullsLast(Comparator.naturalOrder()))
        .thenComparing(Service::id);
  }
}
