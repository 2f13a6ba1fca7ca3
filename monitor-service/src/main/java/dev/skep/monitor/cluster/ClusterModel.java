package dev.skep.monitor.cluster;

import dev.skep.model.cert.Certificate;
import dev.skep.model.cert.CertificateEntry;
import dev.skep.model.cert.Issuer;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Stack;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The cluster as told by its topics. Each method takes one change; {@link #snapshot} gives all of
 * it at one moment. Safe for concurrent use: the topics' readers run side by side.
 *
 * <p>A null value is a tombstone. {@code live} says that the change came in just now, and was not
 * read again after a start: only then is it counted.
 */
public final class ClusterModel {
  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Service> services = new HashMap<>();
  private final Map<String, Network> networks = new HashMap<>();
  private final Map<String, Stack> stacks = new HashMap<>();
  private final Map<String, Deployment> deployments = new HashMap<>();
  private final Map<String, RoutingEntry> routes = new HashMap<>();
  private final Map<String, EdgeStatus> edges = new HashMap<>();
  private final Map<String, CertificateEntry> certificates = new HashMap<>();
  private final Map<String, DeploymentTally> deploymentTallies = new HashMap<>();
  private final Map<String, FeedTally> feeds = new TreeMap<>();
  private final TaskTallies tasks = new TaskTallies();
  private long revision;
  private Snapshot cached;

  /** A node appeared, changed or went. */
  public synchronized void node(String id, Node node) {
    put(nodes, id, node);
    tasks.nodeServes(id, node != null && node.mayServe());
  }

  /** A service appeared, changed or went. */
  public synchronized void service(String id, Service service) {
    put(services, id, service);
    if (service == null) {
      tasks.forget(services::containsKey);
    }
  }

  /** A task appeared ({@code before} null), changed or went ({@code after} null). */
  public synchronized void task(Task before, Task after, boolean live) {
    touch();
    tasks.apply(before, after, live, this::job);
    if (after == null) {
      tasks.forget(services::containsKey);
    }
  }

  /** A network appeared, changed or went. */
  public synchronized void network(String id, Network network) {
    put(networks, id, network);
  }

  /** A stack appeared, changed or went. */
  public synchronized void stack(String name, Stack stack) {
    put(stacks, name, stack);
    if (stack == null) {
      deploymentTallies.remove(name);
    }
  }

  /** A deployment began, went on, ended, or is no longer remembered. */
  public synchronized void deployment(String key, Deployment deployment, boolean live) {
    Deployment before = deployments.get(key);
    put(deployments, key, deployment);
    boolean ended = deployment != null && deployment.phase() != Deployment.Phase.RUNNING;
    if (live && ended && (before == null || before.phase() == Deployment.Phase.RUNNING)) {
      deploymentTallies
          .computeIfAbsent(deployment.stack(), s -> new DeploymentTally())
          .ended(deployment);
    }
  }

  /** A route or a backend appeared, changed or went. */
  public synchronized void route(String key, RoutingEntry entry) {
    put(routes, key, entry);
  }

  /** An edge said what it serves, or is gone. */
  public synchronized void edge(String name, EdgeStatus status) {
    put(edges, name, status);
  }

  /** A certificate or an issuer appeared, changed or went. */
  public synchronized void certificate(String key, CertificateEntry entry) {
    put(certificates, key, entry);
  }

  /**
   * A record of {@code topic} was applied.
   *
   * @param made when the event was made; null for a tombstone
   */
  public synchronized void applied(String topic, long offset, Instant made) {
    touch();
    feeds.computeIfAbsent(topic, t -> new FeedTally()).applied(offset, made);
  }

  /** Grows with each change. */
  public synchronized long revision() {
    return revision;
  }

  /** The cluster now. The same object until something changes. */
  public synchronized Snapshot snapshot() {
    if (cached == null) {
      cached =
          new Snapshot(
              revision,
              sorted(nodes.values(), Node.class, Node::hostname, Node::id),
              services.values().stream()
                  .sorted(Comparator.comparing(Service::name).thenComparing(Service::id))
                  .map(s -> new ServiceFacts(s, tasks.facts(s.id())))
                  .toList(),
              sorted(networks.values(), Network.class, Network::name, Network::id),
              sorted(stacks.values(), Stack.class, Stack::name, Stack::name),
              deployments.values().stream().sorted(NEWEST_DEPLOYMENT_FIRST).toList(),
              sorted(routes.values(), Route.class, Route::id, Route::id),
              sorted(routes.values(), Backend.class, Backend::id, Backend::id),
              sorted(edges.values(), EdgeStatus.class, EdgeStatus::edge, EdgeStatus::edge),
              sorted(
                  certificates.values(), Certificate.class, Certificate::name, Certificate::name),
              sorted(certificates.values(), Issuer.class, Issuer::name, Issuer::name),
              copyOfTallies(),
              copyOfFeeds());
    }
    return cached;
  }

  private static final Comparator<Deployment> NEWEST_DEPLOYMENT_FIRST =
      Comparator.comparing(Deployment::stack)
          .thenComparing(Comparator.comparingLong(Deployment::revision).reversed());

  private boolean job(String serviceId) {
    Service service = services.get(serviceId);
    return service != null && service.job();
  }

  private <T> void put(Map<String, T> map, String key, T value) {
    touch();
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  private void touch() {
    revision++;
    cached = null;
  }

  private static <T> List<T> sorted(
      Collection<?> values, Class<T> type, Function<T, String> name, Function<T, String> id) {
    return values.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .sorted(Comparator.comparing(name).thenComparing(id))
        .toList();
  }

  private Map<String, Map<Deployment.Phase, Histogram>> copyOfTallies() {
    Map<String, Map<Deployment.Phase, Histogram>> copy = new TreeMap<>();
    deploymentTallies.forEach((stack, tally) -> copy.put(stack, tally.copy()));
    return copy;
  }

  private Map<String, Snapshot.Feed> copyOfFeeds() {
    Map<String, Snapshot.Feed> copy = new TreeMap<>();
    feeds.forEach((topic, feed) -> copy.put(topic, feed.copy()));
    return copy;
  }

  /** How far a topic is applied. */
  private static final class FeedTally {
    private long offset = -1;
    private double lastEvent = Double.NaN;

    void applied(long newOffset, Instant made) {
      offset = Math.max(offset, newOffset);
      if (made != null) {
        lastEvent = made.toEpochMilli() / 1000.0;
      }
    }

    Snapshot.Feed copy() {
      return new Snapshot.Feed(offset, lastEvent);
    }
  }
}
