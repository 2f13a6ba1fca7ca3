package dev.skep.inventory.watch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.EventListener;
import dev.skep.engine.EventStream;
import dev.skep.engine.Filters;
import dev.skep.inventory.ledger.Ledger;
import dev.skep.inventory.mapping.Skipped;
import dev.skep.model.cluster.Observation;
import dev.skep.runtime.kafka.FencedException;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.reconcile.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inventory's loop: one thread owns the ledger; the Engine is read on threads beside it, one
 * full reading and one round of targeted readings at a time.
 *
 * <ol>
 *   <li>Take what was signalled: events mark what to read, readings and observations go into the
 *       ledger, which says what else to follow.
 *   <li>Publish what has changed.
 *   <li>Begin the readings that are due: a full one at start, after each reconnection and every
 *       {@code resync} give or take 10 %; a round of targeted ones as {@link Pace} allows.
 *   <li>Reconnect if the stream of events has ended, with backoff.
 * </ol>
 */
public final class ManagerWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ManagerWatch.class);

  private static final Filters EVENTS =
      Filters.of("type", "node", "service", "network", "config", "secret").and("scope", "swarm");
  private static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofMillis(100), 2, Duration.ofSeconds(5), 0.3);
  private static final Duration IDLE = Duration.ofMillis(500);

  /** Beyond this many waiting signals a full reading tells more in less time. */
  private static final int FLOOD = 100_000;

  private final EngineClient engine;
  private final Ledger ledger;
  private final Publisher publisher;
  private final InstantSource clock;
  private final Duration resync;
  private final Supplier<Duration> sinceHearing;
  private final Consumer<Throwable> fatal;
  private final EngineReader reader;
  private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final AtomicBoolean flooded = new AtomicBoolean();
  private final AtomicLong skipped = new AtomicLong();
  private final Thread loop;

  private final Pace pace = new Pace();
  private final Wanted.Collector wanted = new Wanted.Collector();
  private EventStream stream;
  private boolean open;
  private int failures;
  private Instant reconnectAt;
  private Instant syncAt = Instant.MAX;
  private Instant publishAt = Instant.MIN;
  private int publishFailures;
  private boolean syncing;

  /** By the ledger's count: a full reading that began before it has missed something. */
  private long neededFrom;

  private boolean reading;
  private long events;
  private volatile boolean closed;
  private volatile WatchState state;

  /**
   * A watch; {@link #start} starts it.
   *
   * @param writer publishes in one transaction
   * @param clock that is never set, of the same time as the ledger's: what is due is due by it
   * @param resync between full readings
   * @param sinceHearing how long ago the agents' beats could be heard for certain; null while they
   *     cannot, so that silence means nothing
   * @param fatal told of what ends the process
   */
  public ManagerWatch(
      EngineClient engine,
      Ledger ledger,
      Consumer<List<Write<?>>> writer,
      InstantSource clock,
      Duration resync,
      Supplier<Duration> sinceHearing,
      Consumer<Throwable> fatal) {
    this.engine = engine;
    this.ledger = ledger;
    this.publisher = new Publisher(writer);
    this.clock = clock;
    this.resync = resync;
    this.sinceHearing = sinceHearing;
    this.fatal = fatal;
    this.reader = new EngineReader(engine, this::skipped);
    this.loop = Thread.ofVirtual().name("inventory-watch").unstarted(this::run);
    this.reconnectAt = clock.instant();
    this.state =
        new WatchState(clock.instant(), "not yet connected", null, clock.instant(), 0, 0, 0);
  }

  public void start() {
    loop.start();
  }

  /** An agent's observation; from any thread. */
  public void observed(Observation observation, String eventId) {
    signal(new Signal.Observed(observation, eventId));
  }

  /** How it stands; from any thread. */
  public WatchState state() {
    return state;
  }

  /** Stops, within a second or so; what is being published is published first. */
  @Override
  public void close() {
    closed = true;
    signals.add(new Signal.Ended(null));
    try {
      if (!loop.join(Duration.ofSeconds(10))) {
        log.atWarn().log("Inventory's loop did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // -- the loop

  private void run() {
    try {
      while (!closed) {
        take();
        Instant now = clock.instant();
        Duration since = sinceHearing.get();
        Set<String> silent = ledger.checkAgents(now, since == null ? null : now.minus(since));
        for (String node : silent) {
          log.atWarn()
              .addKeyValue("node", node)
              .log("Node agent is silent; its tasks are not ready");
        }
        publish(now);
        connect(now);
        sync(now);
        round(now);
        report(now);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (FencedException e) {
      // The writer has told the platform already.
      log.atError().setCause(e).log("Inventory is fenced by a newer process");
    } catch (RuntimeException | Error e) {
      broken(e);
    } finally {
      if (stream != null) {
        stream.close();
      }
    }
  }

  private void take() throws InterruptedException {
    Signal first = signals.poll(waitMillis(), TimeUnit.MILLISECONDS);
    if (first == null) {
      return;
    }
    List<Signal> all = new ArrayList<>(List.of(first));
    signals.drainTo(all);
    if (flooded.getAndSet(false)) {
      syncAt = clock.instant();
      neededFrom = ledger.now();
    }
    for (Signal signal : all) {
      apply(signal);
    }
  }

  private long waitMillis() {
    Instant now = clock.instant();
    Instant until = now.plus(IDLE);
    until = earlier(until, reconnectAt);
    until = earlier(until, syncing ? null : syncAt);
    if (open && !reading) {
      until = earlier(until, wanted.isEmpty() ? pace.next() : now);
    }
    if (ledger.hasChanges()) {
      until = earlier(until, publishAt);
    }
    return Math.max(0, Duration.between(now, until).toMillis());
  }

  private void apply(Signal signal) {
    Instant now = clock.instant();
    switch (signal) {
      case Signal.Opened() -> opened(now);
      case Signal.Ended(EngineException cause) -> lost(cause, now);
      case Signal.EngineEvent(JsonNode json) -> event(json, now);
      case Signal.Observed(Observation observation, String id) -> {
        Ledger.Followup more = ledger.observe(observation, now, id);
        more.services().forEach(service -> pace.mark(service, now));
        more.tasks().forEach(wanted::task);
      }
      case Signal.Synced(var cluster, long read) -> {
        syncing = false;
        ledger.full(cluster, read, "resync").forEach(service -> pace.mark(service, now));
        if (!reading) {
          ledger.forgetTouches();
        }
        if (read < neededFrom) {
          syncAt = now;
        } else {
          failures = 0;
          if (state.staleSince() != null) {
            log.atInfo().addKeyValue("engine", engine.config().host()).log("Cluster read");
          }
          state = withSync(now);
          syncAt = now.plus(jittered());
        }
      }
      case Signal.SyncFailed(EngineException cause) -> {
        syncing = false;
        syncAt = now.plus(RETRY.delay(++failures, ThreadLocalRandom.current()));
        troubled(cause, now);
      }
      case Signal.Round round -> {
        reading = false;
        read(round, now);
      }
      case Signal.RoundFailed(Wanted failed, EngineException cause, Instant began) -> {
        reading = false;
        if (cause.isUnreachable()) {
          wanted.giveBack(failed);
        } else {
          // Asked again, it would be refused again: a full reading asks in another way.
          syncAt = earlier(syncAt, now.plus(Pace.PATIENCE));
        }
        pace.read(failed.tasksOf(), Set.of(), Set.of(), began, now);
        troubled(cause, now);
      }
    }
  }

  private void event(JsonNode json, Instant now) {
    events++;
    String id = json.path("Actor").path("ID").asText("");
    String action = json.path("Action").asText("");
    if (id.isEmpty()) {
      return;
    }
    switch (json.path("Type").asText("")) {
      case "service" -> {
        if (action.equals("remove")) {
          ledger.serviceRemoved(id, cause(json)).forEach(wanted::task);
        } else {
          wanted.service(id);
        }
        pace.mark(id, now);
      }
      case "node" -> {
        wanted.node(id);
        ledger.servicesOn(id).forEach(service -> pace.mark(service, now));
      }
      case "network" -> wanted.network(id);
      // Configs and secrets reach tasks only by an update of their service.
      default -> {}
    }
  }

  private void read(Signal.Round round, Instant now) {
    EngineReader.Found found = round.found();
    Wanted asked = round.wanted();
    String cause = "reading-" + round.read();
    ledger.networks(found.networks(), asked.networks(), round.read(), cause);
    ledger.nodes(found.nodes(), asked.nodes(), round.read(), cause);
    ledger.services(found.services(), asked.services(), round.read(), cause);
    Set<String> progressed =
        ledger.tasksOf(found.tasksOf(), found.serviceTasks(), round.read(), cause);
    progressed.addAll(ledger.tasks(asked.tasks(), found.tasks(), round.read(), cause));
    progressed.forEach(
        service -> {
          if (!asked.tasksOf().contains(service)) {
            pace.mark(service, now);
          }
        });
    Set<String> settled = new HashSet<>(asked.tasksOf());
    settled.removeIf(service -> !ledger.settled(service));
    for (String service : asked.tasksOf()) {
      if (!found.tasksOf().contains(service)) {
        // Gone: its tasks can be read only one by one from now on.
        ledger.serviceRemoved(service, cause).forEach(wanted::task);
      }
    }
    pace.read(asked.tasksOf(), progressed, settled, round.began(), now);
  }

  // -- what is due

  private void publish(Instant now) {
    if (!ledger.hasChanges() || now.isBefore(publishAt)) {
      return;
    }
    try {
      int count = publisher.publish(ledger);
      publishFailures = 0;
      if (count > 0) {
        log.atDebug().addKeyValue("records", count).log("Inventory published");
      }
    } catch (FencedException e) {
      throw e;
    } catch (PublishException e) {
      Duration delay = RETRY.delay(++publishFailures, ThreadLocalRandom.current());
      publishAt = clock.instant().plus(delay);
      log.atWarn()
          .setCause(e)
          .addKeyValue("retryMillis", delay.toMillis())
          .log("Inventory could not be published for now");
    }
  }

  private void connect(Instant now) {
    if (reconnectAt == null || now.isBefore(reconnectAt)) {
      return;
    }
    reconnectAt = null;
    stream =
        engine.events(
            null,
            EVENTS,
            new EventListener() {
              @Override
              public void onOpen() {
                // Never dropped in a flood: nothing is read before it.
                signals.add(new Signal.Opened());
              }

              @Override
              public void onEvent(JsonNode event) {
                signal(new Signal.EngineEvent(event));
              }

              @Override
              public void onEnd(EngineException cause) {
                signals.add(new Signal.Ended(cause));
              }
            });
  }

  private void sync(Instant now) {
    if (!open || syncing || now.isBefore(syncAt)) {
      return;
    }
    syncing = true;
    long read = ledger.now();
    Thread.ofVirtual()
        .name("inventory-sync")
        .start(
            () -> {
              try {
                signals.add(new Signal.Synced(reader.all(), read));
              } catch (EngineException e) {
                signals.add(new Signal.SyncFailed(e));
              } catch (RuntimeException | Error e) {
                broken(e);
              }
            });
  }

  private void round(Instant now) {
    if (!open || reading) {
      return;
    }
    List<String> hot = pace.due(now);
    if (hot.isEmpty() && wanted.isEmpty()) {
      return;
    }
    reading = true;
    Wanted next = wanted.take(hot);
    long read = ledger.now();
    Thread.ofVirtual()
        .name("inventory-round")
        .start(
            () -> {
              try {
                signals.add(new Signal.Round(next, reader.some(next), read, now));
              } catch (EngineException e) {
                signals.add(new Signal.RoundFailed(next, e, now));
              } catch (RuntimeException | Error e) {
                broken(e);
              }
            });
  }

  /** While closing, the parts that a thread uses may be closed under its hands. */
  private void broken(Throwable e) {
    if (!closed) {
      fatal.accept(e);
    }
  }

  // -- the Engine's coming and going

  private void opened(Instant now) {
    open = true;
    syncAt = now;
    neededFrom = ledger.now();
  }

  private void lost(EngineException cause, Instant now) {
    if (closed) {
      return;
    }
    open = false;
    if (stream != null) {
      // Also a newer one, if this end is late: the next one is made in its place.
      stream.close();
    }
    syncAt = Instant.MAX;
    reconnectAt = now.plus(RETRY.delay(++failures, ThreadLocalRandom.current()));
    stale(cause, now);
  }

  /** A reading failed. An Engine that does not answer is lost, though its stream may not know. */
  private void troubled(EngineException cause, Instant now) {
    if (cause.isUnreachable() && open) {
      lost(cause, now);
    } else {
      stale(cause, now);
    }
  }

  /** Until the next full reading the state may be old. */
  private void stale(EngineException cause, Instant now) {
    Instant since = state.staleSince() == null ? now : state.staleSince();
    if (!cause.getMessage().equals(state.reason())) {
      log.atWarn()
          .addKeyValue("engine", engine.config().host())
          .addKeyValue("reason", cause.getMessage())
          .log("Engine cannot be followed; the last state stays");
    }
    state = with(since, cause.getMessage());
  }

  private void skipped(Skipped s) {
    skipped.incrementAndGet();
    log.atWarn()
        .addKeyValue("kind", s.kind())
        .addKeyValue("id", s.id())
        .addKeyValue("reason", s.reason())
        .log("Object of the Engine left out");
  }

  private void signal(Signal signal) {
    if (signals.size() > FLOOD) {
      flooded.set(true);
    } else {
      signals.add(signal);
    }
  }

  private Duration jittered() {
    double factor = 0.9 + 0.2 * ThreadLocalRandom.current().nextDouble();
    return Duration.ofMillis(Math.round(resync.toMillis() * factor));
  }

  private void report(Instant now) {
    WatchState s = state;
    state =
        new WatchState(
            s.staleSince(), s.reason(), s.lastSync(), now, events, skipped.get(), pace.size());
  }

  private WatchState with(Instant staleSince, String reason) {
    WatchState s = state;
    return new WatchState(
        staleSince, reason, s.lastSync(), s.lastLoop(), s.events(), s.skipped(), s.hot());
  }

  private WatchState withSync(Instant now) {
    WatchState s = state;
    return new WatchState(null, "", now, s.lastLoop(), s.events(), s.skipped(), s.hot());
  }

  private static String cause(JsonNode event) {
    return "engine-" + event.path("timeNano").asText("0");
  }

  private static Instant earlier(Instant a, Instant b) {
    return b == null || a.isBefore(b) ? a : b;
  }
}
