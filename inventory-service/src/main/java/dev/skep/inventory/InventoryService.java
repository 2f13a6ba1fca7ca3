package dev.skep.inventory;

import dev.skep.engine.EngineClient;
import dev.skep.inventory.ledger.Ledger;
import dev.skep.inventory.watch.ManagerWatch;
import dev.skep.inventory.watch.SteadyClock;
import dev.skep.inventory.watch.WatchState;
import dev.skep.model.Codecs;
import dev.skep.model.cluster.Observation;
import dev.skep.model.event.EventCodec;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the cluster: nodes, services, networks and tasks. Starting, it
 *
 * <ol>
 *   <li>opens its writer, which fences an older process;
 *   <li>reads back what was published, so that a restart publishes nothing twice;
 *   <li>follows the agents' observations from now on, and the manager's Engine.
 * </ol>
 */
public final class InventoryService implements SkepService {
  private static final Logger log = LoggerFactory.getLogger(InventoryService.class);

  /** The loop turns twice a second at least; a publication may take the broker half a minute. */
  private static final Duration STUCK = Duration.ofMinutes(2);

  /** In the all-in-one, agents start with us: they have this long before silence counts. */
  private static final Duration AGENTS_GRACE = Duration.ofSeconds(15);

  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Duration READ_BACK = Duration.ofMinutes(2);

  private final Platform platform;
  private final EngineClient engine;
  private final InventoryConfig config;
  private final SteadyClock clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Thread starter;
  private volatile Writer writer;
  private volatile ManagerWatch watch;
  private volatile TopicView<Observation> observations;

  public InventoryService(Platform platform, EngineClient engine, InventoryConfig config) {
    this.platform = platform;
    this.engine = engine;
    this.config = config;
    this.clock = new SteadyClock(platform.clock());
  }

  @Override
  public String name() {
    return "inventory";
  }

  @Override
  public void start() {
    InventoryMeters.bind(platform.metrics(), this::state);
    starter = Thread.ofVirtual().name("inventory-start").start(this::run);
  }

  private void run() {
    while (closing.getCount() > 0) {
      try {
        open();
        return;
      } catch (PublishException e) {
        log.atWarn().setCause(e).log("Broker not ready; inventory starts later");
        closeParts();
        pause();
      } catch (RuntimeException | Error e) {
        platform.fatal().accept(e);
        return;
      }
    }
  }

  private void open() {
    // First the fence, then the reading: nothing is written any more that we would not see.
    writer = Writer.open(platform, name());
    Instant expected = clock.instant().plus(AGENTS_GRACE);
    Ledger ledger = new Ledger(published(), expected);
    ManagerWatch started =
        new ManagerWatch(
            engine,
            ledger,
            writer::publish,
            clock,
            config.resync(),
            this::sinceHearing,
            platform.fatal());
    synchronized (this) {
      if (closing.getCount() == 0) {
        return;
      }
      observations =
          TopicView.tail(
              platform,
              name(),
              Topics.OBSERVATIONS,
              Codecs.OBSERVATIONS,
              change -> {
                if (change.after() != null) {
                  started.observed(change.after(), change.meta().id());
                }
              });
      watch = started;
      started.start();
    }
  }

  private Ledger.Published published() {
    return new Ledger.Published(
        readBack(Topics.NODES, Codecs.NODES),
        readBack(Topics.SERVICES, Codecs.SERVICES),
        readBack(Topics.TASKS, Codecs.TASKS),
        readBack(Topics.NETWORKS, Codecs.NETWORKS));
  }

  private <T> Map<String, T> readBack(TopicSpec topic, EventCodec<T> codec) {
    try (TopicView<T> view = TopicView.open(platform, name(), topic, codec, change -> {})) {
      if (!view.awaitReady(READ_BACK)) {
        throw new PublishException(
            topic.name() + " could not be read back within " + READ_BACK.toSeconds() + " s", null);
      }
      return Map.copyOf(view.values());
    }
  }

  private Duration sinceHearing() {
    TopicView<Observation> view = observations;
    return view != null && view.ready() ? view.sinceAnswer() : null;
  }

  private WatchState state() {
    ManagerWatch current = watch;
    return current == null ? null : current.state().dated(clock::onWall);
  }

  @Override
  public Health health() {
    WatchState s = state();
    if (s == null) {
      return Health.of(true, false).with("state", "reading back what was published");
    }
    Instant now = platform.clock().instant();
    boolean live = Duration.between(s.lastLoop(), now).compareTo(STUCK) < 0;
    Map<String, String> details = new TreeMap<>();
    details.put("engine", s.staleSince() == null ? "reachable" : "unreachable: " + s.reason());
    if (s.staleSince() != null) {
      details.put("stale", "since " + s.staleSince());
    }
    details.put("lastSync", s.lastSync() == null ? "never" : s.lastSync().toString());
    details.put("events", Long.toString(s.events()));
    details.put("skippedObjects", Long.toString(s.skipped()));
    details.put(
        "agents", sinceHearing() != null ? "heard" : "not heard: the broker cannot be read");
    return new Health(live, s.lastSync() != null, details);
  }

  @Override
  public void close() {
    closing.countDown();
    Thread starting = starter;
    if (starting != null) {
      starting.interrupt();
    }
    closeParts();
  }

  private synchronized void closeParts() {
    if (observations != null) {
      observations.close();
      observations = null;
    }
    if (watch != null) {
      watch.close();
    }
    if (writer != null) {
      writer.close();
      writer = null;
    }
  }

  private void pause() {
    try {
      closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
