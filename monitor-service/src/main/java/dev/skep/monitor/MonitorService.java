package dev.skep.monitor;

import dev.skep.monitor.cluster.ClusterModel;
import dev.skep.monitor.http.Api;
import dev.skep.monitor.http.Console;
import dev.skep.monitor.http.LiveEvents;
import dev.skep.monitor.metrics.ClusterCollector;
import dev.skep.monitor.status.Part;
import dev.skep.monitor.status.Status;
import dev.skep.monitor.status.Statuses;
import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.health.Health;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Shows the cluster: reads every state topic, and answers with metrics, JSON and a page. It writes
 * nothing.
 */
public final class MonitorService implements SkepService {
  private final Platform platform;
  private final ClusterModel model = new ClusterModel();
  private final Console console;
  private final LiveEvents events;
  private final Supplier<Map<String, Health>> neighbours;
  private final ClusterCollector collector;
  private Views views;

  /** A monitor that knows of nothing but the topics. */
  public MonitorService(Platform platform, MonitorConfig config) {
    this(platform, config, Map::of);
  }

  /**
   * A monitor that also tells how the services in the same process are.
   *
   * @param neighbours their health by name; asked with each status
   */
  public MonitorService(
      Platform platform, MonitorConfig config, Supplier<Map<String, Health>> neighbours) {
    this.platform = platform;
    this.neighbours = neighbours;
    this.console =
        new Console(platform.clock(), config.sessionLife(), model::snapshot, this::status);
    this.events = new LiveEvents(platform.vertx(), model::revision);
    this.collector = new ClusterCollector(model::snapshot, this::ready);
  }

  @Override
  public String name() {
    return "monitor";
  }

  @Override
  public synchronized void start() {
    views = Views.open(platform, model);
    collector.join(platform.metrics());
  }

  @Override
  public Health health() {
    Health health = Health.of(true, ready());
    for (Part part : parts()) {
      if (!part.current()) {
        health = health.with(part.name(), part.detail());
      }
    }
    return health;
  }

  @Override
  public void mount(Router router) {
    console.mount(router);
    events.mount(router, console);
    new Api(model::snapshot, () -> opened().tasks(), this::status, this::ready).mount(router);
  }

  @Override
  public Set<String> publicPaths() {
    return Console.PUBLIC_PATHS;
  }

  @Override
  public boolean authenticates(HttpServerRequest request) {
    return console.authenticates(request);
  }

  /** The cluster in brief, now. */
  public Status status() {
    List<Part> parts = new ArrayList<>(parts());
    neighbours
        .get()
        .forEach(
            (name, health) -> {
              if (!name.equals(name())) {
                parts.add(new Part(name, health.live() && health.ready(), detail(health)));
              }
            });
    return Statuses.of(model.snapshot(), parts, platform.clock().instant());
  }

  private static String detail(Health health) {
    return health.live() && health.ready() ? "" : health.details().toString();
  }

  private boolean ready() {
    Views current = opened();
    return current != null && current.ready();
  }

  private Collection<Part> parts() {
    Views current = opened();
    return current == null ? List.of(new Part("monitor", false, "not started")) : current.parts();
  }

  private synchronized Views opened() {
    return views;
  }

  @Override
  public void close() {
    events.close();
    Views current;
    synchronized (this) {
      current = views;
      views = null;
    }
    if (current != null) {
      collector.leave(platform.metrics());
      current.close();
    }
  }
}
