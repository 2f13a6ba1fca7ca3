package dev.skep.edgeconfig;

import dev.skep.edgeconfig.routing.RoutingState;
import dev.skep.edgeconfig.routing.RoutingTable;
import dev.skep.edgeconfig.routing.ServiceCompiler;
import dev.skep.model.Codecs;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.kafka.EventMeta;
import dev.skep.runtime.kafka.PlainPublisher;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Writer;
import dev.skep.runtime.reconcile.KeyedReconciler;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the routes topic as the labels and tasks of the Swarm's services say.
 *
 * <p>Start: fence older writers; read services, tasks, networks and the own routes to their ends;
 * only then compile anything, since from half of the services half of the routes would look
 * unwanted. The routes that were published before are the incumbents.
 */
public final class EdgeConfigService implements SkepService {
  private static final Logger log = LoggerFactory.getLogger(EdgeConfigService.class);
  private static final String NAME = "edge-config";
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration START_JOIN = Duration.ofSeconds(3);

  /** A transaction ends within 10 s, or fails. */
  private static final Duration LONGEST_RUN = Duration.ofSeconds(60);

  private final Platform platform;
  private final EdgeConfigConfig config;
  private final TaskIndex taskIndex = new TaskIndex();
  private final DirtyServices dirty = new DirtyServices();
  private volatile boolean closed;
  private volatile Thread starter;
  private volatile Writer writer;
  private volatile PlainPublisher commands;
  private volatile TopicView<Service> services;
  private volatile TopicView<Task> tasks;
  private volatile TopicView<Network> networks;
  private volatile TopicView<RoutingEntry> routes;
  private volatile KeyedReconciler<String> reconciler;

  /** The service; does nothing before {@link #start}. */
  public EdgeConfigService(Platform platform, EdgeConfigConfig config) {
    this.platform = platform;
    this.config = config;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void start() {
    commands = PlainPublisher.open(platform, NAME);
    starter = Thread.ofVirtual().name("edge-config-start").start(this::run);
  }

  private void run() {
    try {
      // First, so that nothing is written to the routes after they have been read.
      writer = Writer.open(platform, NAME);
      routes = TopicView.open(platform, NAME, Topics.ROUTES, Codecs.ROUTES, change -> {});
      networks =
          TopicView.open(platform, NAME, Topics.NETWORKS, Codecs.NETWORKS, this::networkChanged);
      services =
          TopicView.open(
              platform,
              NAME,
              Topics.SERVICES,
              Codecs.SERVICES,
              change -> mark(change.key(), change.meta()));
      tasks = TopicView.open(platform, NAME, Topics.TASKS, Codecs.TASKS, this::taskChanged);
      for (TopicView<?> view : List.of(routes, networks, services, tasks)) {
        while (!view.awaitReady(POLL)) {
          if (closed) {
            return;
          }
        }
      }
      begin();
    } catch (RuntimeException e) {
      if (!closed) {
        platform.fatal().accept(e);
      }
    }
  }

  private void begin() {
    RoutingState state = RoutingState.of(routes.values().values());
    Set<String> all = inOrder(state.services());
    all.forEach(id -> dirty.add(id, null));
    RoutesReconciler reconcile =
        new RoutesReconciler(
            new ServiceCompiler(config.routing()),
            state,
            dirty,
            services.values()::get,
            taskIndex,
            networks.values()::get,
            writer::publish,
            (id, trigger) -> reconciler.mark(id, trigger),
            platform.clock());
    reconciler =
        KeyedReconciler.named("routes", reconcile)
            .parallelism(1)
            .resync(config.resync(), () -> inOrder(Set.copyOf(services.values().keySet())))
            .clock(platform.clock())
            .start();
    // Whatever changed since the views were ready is in the queue too: it found no reconciler.
    all.forEach(id -> reconciler.mark(id, "start"));
    services.values().keySet().forEach(id -> reconciler.mark(id, "start"));
    log.atInfo()
        .addKeyValue("services", services.values().size())
        .addKeyValue("network", config.routing().edgeNetwork())
        .log("Routes are kept");
  }

  /** Services that are gone first, to let go of what they hold; then the oldest first. */
  private Set<String> inOrder(Collection<String> known) {
    Map<String, Service> live = services.values();
    Set<String> ids = new LinkedHashSet<>(known);
    ids.removeIf(live::containsKey);
    live.values().stream().sorted(RoutingTable.byAge()).map(Service::id).forEach(ids::add);
    return ids;
  }

  private void taskChanged(TopicView.Change<Task> change) {
    String serviceId = taskIndex.apply(change.before(), change.after());
    if (serviceId != null) {
      mark(serviceId, change.meta());
    }
  }

  /** Rare, and every service that may join it is looked at: it may have been waited for. */
  private void networkChanged(TopicView.Change<Network> change) {
    TopicView<Service> view = services;
    if (view != null) {
      view.values().values().stream()
          .filter(s -> s.networks().contains(change.key()))
          .forEach(s -> mark(s.id(), change.meta()));
    }
  }

  private void mark(String serviceId, EventMeta meta) {
    String cause = null;
    String trigger = "deleted";
    if (meta != null) {
      cause = meta.correlationId() == null ? meta.id() : meta.correlationId();
      trigger = meta.type().toString();
    }
    KeyedReconciler<String> r = reconciler;
    if (r != null) {
      dirty.add(serviceId, cause);
      r.mark(serviceId, trigger);
    }
  }

  @Override
  public Health health() {
    KeyedReconciler<String> r = reconciler;
    Map<String, String> details = new TreeMap<>();
    if (r == null) {
      details.put("state", "reading the state");
      return new Health(true, false, details);
    }
    details.put("state", routes.connected() ? "keeping routes" : "the broker does not answer");
    details.put("services", Integer.toString(services.values().size()));
    long accepted =
        routes.values().values().stream().filter(e -> e instanceof Route t && t.accepted()).count();
    long refused =
        routes.values().values().stream()
            .filter(e -> e instanceof Route t && !t.accepted())
            .count();
    details.put("routes", Long.toString(accepted));
    details.put("refused", Long.toString(refused));
    return new Health(r.progressing(LONGEST_RUN), true, details);
  }

  @Override
  public void mount(Router router) {
    new EdgeEndpoints(platform, () -> commands).mount(router);
  }

  @Override
  public void close() {
    closed = true;
    Thread starting = starter;
    if (starting != null) {
      starting.interrupt();
      try {
        starting.join(START_JOIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    // What marks first, then what runs, then what writes.
    closeQuietly(services);
    closeQuietly(tasks);
    closeQuietly(networks);
    closeQuietly(reconciler);
    closeQuietly(routes);
    closeQuietly(commands);
    closeQuietly(writer);
  }

  private static void closeQuietly(AutoCloseable part) {
    if (part == null) {
      return;
    }
    try {
      part.close();
    } catch (Exception e) {
      log.atWarn().setCause(e).log("A part could not be closed");
    }
  }
}
