package dev.skep.edge.agent;

import dev.skep.edge.Admission;
import dev.skep.edge.EdgeAgentConfig;
import dev.skep.edge.EdgeAgentConfig.Proxy;
import dev.skep.edge.EdgeModel;
import dev.skep.edge.EdgeModel.CertificateRef;
import dev.skep.edge.EntryPoint;
import dev.skep.edge.Refusals;
import dev.skep.edge.Refused;
import dev.skep.edge.StoreGuard;
import dev.skep.edge.StoreGuard.Objection;
import dev.skep.edge.haproxy.ProxyState;
import dev.skep.model.Codecs;
import dev.skep.model.Condition;
import dev.skep.model.cert.Certificate;
import dev.skep.model.cert.CertificateEntry;
import dev.skep.model.cert.Issuer;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.EdgeStatus.Refusal;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.edge.StorePosition;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One loop, woken by every change of the views and by a slow tick:
 *
 * <ol>
 *   <li>wait until the views are complete; before that the proxy serves on from its disk
 *   <li>refuse a store that is not the one this edge knows
 *   <li>open the certificates' keys, admit what may become configuration
 *   <li>write Traefik's file; bring HAProxy to the target, leaving out what it refuses
 *   <li>remember the position, publish the status
 * </ol>
 *
 * Changes that come while it works are taken together in the next turn: never two at a time.
 */
public final class AgentLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AgentLoop.class);
  private static final String READER = "edge-agent";

  /** While nothing changes: how soon a restarted HAProxy is noticed. */
  private static final Duration TICK = Duration.ofSeconds(1);

  /** While HAProxy is away or something failed. */
  private static final Duration SOON = Duration.ofMillis(250);

  /** How often everything that HAProxy serves is observed, not only what was touched. */
  private static final Duration RESYNC = Duration.ofMinutes(1);

  /** How long the loop may be silent before it counts as stuck: longer than any of its limits. */
  private static final Duration STUCK = Duration.ofMinutes(2);

  /** Each round leaves out more: an end even to what should not happen. */
  private static final int ROUNDS = 20;

  private final Platform platform;
  private final EdgeAgentConfig config;
  private final EdgeDirectory dir;
  private final StateFile stateFile;
  private final Bundles bundles;
  private final EdgeMeters meters;
  private final HaproxyOutput haproxy;
  private final TraefikOutput traefik;
  private final StatusPublisher publisher;
  private final Semaphore wake = new Semaphore(0);
  private final Refusals refusals = new Refusals();
  private final Thread loop;
  private TopicView<RoutingEntry> routes;
  private TopicView<CertificateEntry> certificates;
  private volatile boolean closed;
  private volatile StorePosition known;
  private final EdgeReport report;
  private final LongSupplier nanos;
  private volatile long lastTurn;
  private long nextResync;
  private final SettingBack settingBack = new SettingBack();
  private StateFile.State written;
  private long reloadsBefore;

  /** A loop, not yet running. */
  public AgentLoop(
      Platform platform, EdgeAgentConfig config, PrivateKeyRing keys, ConfigChecker checker) {
    this(platform, config, keys, checker, System::nanoTime);
  }

  /** The same by another measure of time than {@link System#nanoTime}. */
  AgentLoop(
      Platform platform,
      EdgeAgentConfig config,
      PrivateKeyRing keys,
      ConfigChecker checker,
      LongSupplier nanos) {
    this.platform = platform;
    this.nanos = nanos;
    this.nextResync = nanos.getAsLong();
    this.config = config;
    this.dir = new EdgeDirectory(config.dir(), config.ownerUid());
    this.stateFile = new StateFile(dir);
    this.bundles = new Bundles(keys, dir);
    this.meters = new EdgeMeters(platform.metrics(), config.name());
    this.haproxy =
        config.proxies().contains(Proxy.HAPROXY)
            ? new HaproxyOutput(
                dir,
                config.haproxy(),
                checker,
                bundles::sha256,
                meters,
                platform.clock(),
                this::spoiled)
            : null;
    this.traefik =
        config.proxies().contains(Proxy.TRAEFIK)
            ? new TraefikOutput(
                dir, config.haproxy().dir(), config.haproxy().publicHttpsPort(), haproxy == null)
            : null;
    this.publisher = new StatusPublisher(platform, config.name(), this::position, this::adopt);
    this.report =
        new EdgeReport(
            config.name(),
            haproxy == null ? "traefik" : "haproxy",
            platform.clock(),
            publisher::submit);
    this.loop = Thread.ofVirtual().name("edge-agent-" + config.name()).unstarted(this::run);
  }

  /**
   * Prepares the directory and starts.
   *
   * @throws IOException if the directory cannot be used
   */
  public void start() throws IOException {
    try {
      dir.prepare(List.of());
      Optional<StateFile.State> state = stateFile.read();
      known = state.map(StateFile.State::applied).orElse(null);
      written = state.orElse(null);
      reloadsBefore = state.map(StateFile.State::reloads).orElse(0L);
      if (haproxy != null) {
        haproxy.start();
      }
    } catch (IOException e) {
      throw new IOException(
          "the edge directory "
              + config.dir()
              + " cannot be used ("
              + e
              + "): make it writable for this process, or set SKEP_EDGE_DIR to another",
          e);
    }
    lastTurn = nanos.getAsLong();
    routes = TopicView.open(platform, READER, Topics.ROUTES, Codecs.ROUTES, c -> wake.release());
    certificates =
        TopicView.open(
            platform, READER, Topics.CERTIFICATES, Codecs.CERTIFICATES, c -> wake.release());
    publisher.start();
    loop.start();
  }

  private void run() {
    Duration pause = SOON;
    while (!closed) {
      try {
        boolean changed = wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        wake.drainPermits();
        lastTurn = nanos.getAsLong();
        pause = turn(changed);
      } catch (InterruptedException e) {
        return;
      } catch (IOException | UncheckedIOException e) {
        failed(e);
        pause = SOON;
      } catch (RuntimeException e) {
        // A defect: the proxy serves on, the edge says so, and the next turn may do better.
        log.atError().setCause(e).log("A turn of the edge agent failed");
        failed(e);
        pause = TICK;
      } catch (Error e) {
        // Without its loop an edge would stay as it is and say nothing.
        platform.fatal().accept(e);
        throw e;
      }
    }
  }

  private void failed(Exception e) {
    if (closed) {
      return;
    }
    meters.failures.increment();
    meters.inSync.set(0);
    log.atWarn().addKeyValue("reason", e.toString()).log("Edge not brought up to date, retrying");
    report.applyFailed(String.valueOf(e.getMessage()), known, reloads());
  }

  private Duration turn(boolean changed) throws IOException {
    if (!routes.ready() || !certificates.ready()) {
      return SOON;
    }
    // Before the values: so it never claims more than was applied.
    StorePosition found = position();
    Map<String, StoreGuard.Extent> extents = extents();
    Optional<Objection> seen = StoreGuard.objection(known, extents);
    Optional<Objection> standing = settingBack.judge(seen, extents);
    if (standing.isPresent()) {
      meters.inSync.set(0);
      report.storeNotTaken(standing.get(), known, reloads());
      return TICK;
    }
    if (seen.isPresent()) {
      known = StoreGuard.lowered(known, extents);
    }
    long begun = nanos.getAsLong();
    if (haproxy != null && begun - nextResync >= 0) {
      haproxy.lookAgain();
      nextResync = begun + RESYNC.toNanos();
    }
    Result result = apply();
    if (changed) {
      meters.apply.record(nanos.getAsLong() - begun, TimeUnit.NANOSECONDS);
    }
    return conclude(found, result);
  }

  private record Result(Target target, Applied applied, List<Refusal> refused) {}

  private Result apply() throws IOException {
    Result result = null;
    for (int i = 0; i < ROUNDS; i++) {
      result = applyOnce();
      if (result.applied().state() != Applied.State.AGAIN) {
        return result;
      }
      refusals.add(result.applied().refused());
      result
          .applied()
          .refused()
          .forEach(
              (key, r) ->
                  log.atWarn()
                      .addKeyValue("key", key)
                      .addKeyValue("reason", r.reason())
                      .log("Left out: refused"));
    }
    return new Result(
        result.target(),
        Applied.failed(result.applied().proxy(), "HAProxy refuses more and more: see refused"),
        result.refused());
  }

  private Result applyOnce() throws IOException {
    Map<String, Route> routesById = new HashMap<>();
    Map<String, Backend> backends = new HashMap<>();
    Map<String, Certificate> byName = new TreeMap<>();
    Map<String, Issuer> issuers = new HashMap<>();
    Set<String> keys = new HashSet<>();
    for (RoutingEntry entry : routes.values().values()) {
      keys.add(entry.key());
      switch (entry) {
        case Route r -> routesById.put(r.id(), r);
        case Backend b -> backends.put(b.id(), b);
      }
    }
    for (CertificateEntry entry : certificates.values().values()) {
      keys.add(entry.key());
      switch (entry) {
        case Certificate c -> byName.put(c.name(), c);
        case Issuer i -> issuers.put(i.name(), i);
      }
    }
    Map<String, Refused> refused = refusals.among(keys);
    Bundles.Resolved resolved = bundles.resolve(byName.values(), refused);
    Map<String, CertificateRef> refs = new HashMap<>();
    resolved
        .bundles()
        .forEach((name, b) -> refs.put(name, new CertificateRef(name, b.fingerprint())));
    Admission admission = Admission.of(EdgeModel.of(routesById, backends, refs, issuers), refused);
    List<Refusal> leftOut = new ArrayList<>(resolved.refused());
    leftOut.addAll(admission.refused());
    leftOut.sort(Comparator.comparing(Refusal::key));
    Target target = new Target(admission.model(), resolved.bundles());
    if (traefik != null) {
      traefik.apply(target);
    }
    Applied applied = haproxy == null ? Applied.served("traefik", false) : haproxy.apply(target);
    return new Result(target, applied, leftOut);
  }

  private Duration conclude(StorePosition found, Result result) throws IOException {
    Applied applied = result.applied();
    boolean served = applied.state() == Applied.State.SERVED;
    if (known == null) {
      log.atInfo().log("First start: this store is taken for the edge's own");
    }
    if (served) {
      bundles.served(result.target().bundles());
      known = StoreGuard.further(known, found);
    } else if (known == null) {
      // What is known first is the store, not yet a place in it.
      known = beginning(found);
    }
    remember();
    EdgeModel model = result.target().model();
    int routeCount =
        (int)
            model.routes().values().stream()
                .filter(
                    r ->
                        EntryPoint.WEB.action(r) != EntryPoint.Action.NOTHING
                            || EntryPoint.WEBSECURE.action(r) != EntryPoint.Action.NOTHING)
                .count();
    int servers = ProxyState.desired(model).servers();
    meters.routes.set(routeCount);
    meters.servers.set(servers);
    meters.refused.set(result.refused().size());
    meters.inSync.set(served ? 1 : 0);
    String disk = haproxy == null ? "" : haproxy.persistenceProblem();
    Instant now = platform.clock().instant();
    Condition ready =
        switch (applied.state()) {
          case SERVED ->
              disk.isEmpty()
                  ? Condition.isTrue(EdgeReport.READY, "Served", "", now)
                  : Condition.isTrue(
                      EdgeReport.READY, "NotOnDisk", "served, but not on disk: " + disk, now);
          case WAITING ->
              Condition.isFalse(EdgeReport.READY, "ProxyNotRunning", applied.message(), now);
          default -> Condition.isFalse(EdgeReport.READY, "ApplyFailed", applied.message(), now);
        };
    Map<String, String> fingerprints = new TreeMap<>();
    model.certificates().values().forEach(c -> fingerprints.put(c.name(), c.fingerprint()));
    report.publish(
        new EdgeStatus(
            config.name(),
            applied.proxy(),
            known,
            routeCount,
            servers,
            reloads(),
            fingerprints,
            result.refused(),
            List.of(ready, Condition.isTrue(EdgeStatus.STORE_KNOWN, "Known", "", now)),
            now));
    return served && !applied.later() && disk.isEmpty() ? TICK : SOON;
  }

  private void remember() throws IOException {
    StateFile.State state = new StateFile.State(known, reloads());
    if (!state.equals(written)) {
      stateFile.write(state);
      written = state;
    }
  }

  private long reloads() {
    return reloadsBefore + (long) meters.reloads.count();
  }

  private StorePosition position() {
    Map<String, StorePosition.Position> topics = new HashMap<>();
    put(topics, Topics.ROUTES, routes);
    put(topics, Topics.CERTIFICATES, certificates);
    return new StorePosition(topics);
  }

  private static void put(
      Map<String, StorePosition.Position> topics, TopicSpec topic, TopicView<?> view) {
    String id = view.topicId();
    if (id != null) {
      topics.put(topic.name(), new StorePosition.Position(id, view.appliedOffset()));
    }
  }

  private Map<String, StoreGuard.Extent> extents() {
    Map<String, StoreGuard.Extent> extents = new HashMap<>();
    extent(extents, Topics.ROUTES, routes);
    extent(extents, Topics.CERTIFICATES, certificates);
    return extents;
  }

  private static void extent(
      Map<String, StoreGuard.Extent> extents, TopicSpec topic, TopicView<?> view) {
    String id = view.topicId();
    if (id != null) {
      extents.put(topic.name(), new StoreGuard.Extent(id, view.position(), topic.flushEach()));
    }
  }

  private static StorePosition beginning(StorePosition found) {
    Map<String, StorePosition.Position> topics = new HashMap<>();
    found
        .topics()
        .forEach((name, p) -> topics.put(name, new StorePosition.Position(p.topicId(), -1)));
    return new StorePosition(topics);
  }

  /** Told by the persister: what a running HAProxy took would keep the next one from starting. */
  private void spoiled(Map<String, Refused> guilty) {
    guilty.forEach(
        (key, r) ->
            log.atWarn()
                .addKeyValue("key", key)
                .addKeyValue("reason", r.reason())
                .log("Left out: HAProxy would not start with it"));
    refusals.add(guilty);
    wake.release();
  }

  private void adopt(StorePosition found) {
    known = beginning(found);
    wake.release();
  }

  /** Live while turns are made; ready when the store is known and the proxy serves it. */
  public Health health() {
    EdgeStatus s = report.status();
    boolean live = nanos.getAsLong() - lastTurn < STUCK.toNanos() && loop.isAlive();
    boolean ready =
        s != null
            && s.conditions().stream()
                .anyMatch(
                    c -> c.type().equals(EdgeReport.READY) && c.status() == Condition.Status.TRUE);
    Map<String, String> details = new TreeMap<>();
    details.put("edge", config.name());
    if (s != null) {
      details.put("proxy", s.proxy());
      details.put("routes", Integer.toString(s.routes()));
      details.put("refused", Integer.toString(s.refused().size()));
      s.conditions().stream()
          .filter(c -> !c.message().isEmpty())
          .forEach(c -> details.put(c.type(), c.reason() + ": " + c.message()));
    }
    if (routes != null && !routes.connected()) {
      details.put("store", "the broker does not answer; serving what was known");
    }
    return new Health(live, ready, details);
  }

  @Override
  public void close() {
    closed = true;
    wake.release();
    try {
      // A turn under way is finished: half a change is worse than a late end.
      if (!loop.join(Duration.ofSeconds(10))) {
        loop.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    publisher.close();
    if (haproxy != null) {
      haproxy.close();
    }
    if (routes != null) {
      routes.close();
    }
    if (certificates != null) {
      certificates.close();
    }
  }
}
