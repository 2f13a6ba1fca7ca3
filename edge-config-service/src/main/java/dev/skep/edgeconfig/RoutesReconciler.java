package dev.skep.edgeconfig;

import dev.skep.edgeconfig.routing.RoutingState;
import dev.skep.edgeconfig.routing.RoutingState.Change;
import dev.skep.edgeconfig.routing.ServiceCompiler;
import dev.skep.edgeconfig.routing.ServiceRoutes;
import dev.skep.model.Codecs;
import dev.skep.model.Condition;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Service;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.reconcile.KeyedReconciler;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.reconcile.Reconciliation;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a service's routes and backends as its labels and tasks say. One run:
 *
 * <ol>
 *   <li>take all services that wait, this one with them;
 *   <li>compile each, and settle what it claims against what the others hold;
 *   <li>publish the differences in one transaction;
 *   <li>take them in, and mark the services that waited for what was let go.
 * </ol>
 *
 * Runs one at a time: claims are settled in order.
 */
final class RoutesReconciler implements KeyedReconciler.Reconcile<String> {
  private static final Logger log = LoggerFactory.getLogger(RoutesReconciler.class);

  /** Services in one transaction: some hundred records, far from its limits. */
  static final int MOST = 256;

  private final ServiceCompiler compiler;
  private final RoutingState state;
  private final DirtyServices dirty;
  private final Function<String, Service> services;
  private final TaskIndex tasks;
  private final Function<String, Network> networks;
  private final Consumer<List<Write<?>>> publish;
  private final BiConsumer<String, String> mark;
  private final Clock clock;

  /**
   * @param services by id; null for none
   * @param networks by id; null for none
   * @param publish all in one transaction; throws if that is not certain
   * @param mark a service and what asks
   */
  RoutesReconciler(
      ServiceCompiler compiler,
      RoutingState state,
      DirtyServices dirty,
      Function<String, Service> services,
      TaskIndex tasks,
      Function<String, Network> networks,
      Consumer<List<Write<?>>> publish,
      BiConsumer<String, String> mark,
      Clock clock) {
    this.compiler = compiler;
    this.state = state;
    this.dirty = dirty;
    this.services = services;
    this.tasks = tasks;
    this.networks = networks;
    this.publish = publish;
    this.mark = mark;
    this.clock = clock;
  }

  @Override
  public Outcome reconcile(String key, Reconciliation r) {
    Map<String, Optional<String>> batch = dirty.take(key, MOST);
    Map<Change, Optional<String>> changes = new LinkedHashMap<>();
    RuntimeException failed = null;
    for (Map.Entry<String, Optional<String>> next : batch.entrySet()) {
      String id = next.getKey();
      try {
        changes.put(state.settle(compile(id), clock.instant()), next.getValue());
      } catch (RuntimeException e) {
        // Its own run fails alone, is logged and retried; the others go on without it.
        if (id.equals(key)) {
          failed = e;
        } else {
          mark.accept(id, "failed in a batch");
        }
      }
    }
    publish(batch, changes);
    for (Change change : changes.keySet()) {
      change.put().forEach(entry -> report(entry, r));
      state.commit(change).forEach(id -> mark.accept(id, "claim released"));
    }
    if (failed != null) {
      throw failed;
    }
    return Outcome.done();
  }

  private ServiceRoutes compile(String id) {
    Service service = services.apply(id);
    return service == null
        ? ServiceRoutes.none(id, id)
        : compiler.compile(service, tasks.of(id), networks, state::backend);
  }

  private void publish(Map<String, Optional<String>> batch, Map<Change, Optional<String>> changes) {
    List<Write<?>> writes = new ArrayList<>();
    changes.forEach((change, cause) -> writes.addAll(writes(change, cause.orElse(null))));
    if (writes.isEmpty()) {
      return;
    }
    try {
      publish.accept(writes);
    } catch (RuntimeException e) {
      // Every key of the batch has been marked; those whose runs are over must run again.
      dirty.putBack(batch);
      throw e;
    }
  }

  private List<Write<?>> writes(Change change, String cause) {
    List<Write<?>> writes = new ArrayList<>();
    change.removed().forEach(k -> writes.add(Write.delete(Topics.ROUTES, Codecs.ROUTES, k)));
    change
        .put()
        .forEach(
            e -> writes.add(Write.put(Topics.ROUTES, Codecs.ROUTES, e.key(), e, "updated", cause)));
    return writes;
  }

  /** Says what became of a route, once: when it became so. */
  private void report(RoutingEntry entry, Reconciliation r) {
    if (!(entry instanceof Route route)) {
      return;
    }
    Route before = state.route(route.id());
    Condition now = accepted(route);
    if (before != null
        && before.serviceId().equals(route.serviceId())
        && accepted(before).reason().equals(now.reason())) {
      return;
    }
    (route.accepted() ? log.atInfo() : log.atWarn())
        .addKeyValue("route", route.id())
        .addKeyValue("service", route.service())
        .addKeyValue("reason", now.reason())
        .addKeyValue("message", now.message())
        .addKeyValue("reconciliation", r.id())
        .log(route.accepted() ? "Route accepted" : "Route refused");
  }

  private static Condition accepted(Route route) {
    return route.conditions().stream()
        .filter(c -> c.type().equals(Route.ACCEPTED))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("route without a condition: " + route.id()));
  }
}
