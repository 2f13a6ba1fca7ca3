package dev.skep.runtime.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a reconciliation for keys that were marked: one run per key at a time, marks coalesced, a
 * mark during a run runs the key again, a failure is retried with backoff, and every key is marked
 * again from time to time. Runs are on virtual threads and may block.
 *
 * <p>A key is forgotten when its run ended well and nothing asked for another. A mark ends the wait
 * for a retry, but not when it was made while the run that failed was going on: a reconciliation
 * that marks its own key must not escape the backoff.
 *
 * <p>Thread-safe.
 *
 * @param <K> the key: an entity's id
 */
public final class KeyedReconciler<K> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeyedReconciler.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final double RESYNC_JITTER = 0.1;

  /** Makes one key's observed state as desired. Must be level-triggered and repeatable. */
  @FunctionalInterface
  public interface Reconcile<K> {
    /**
     * Compares and acts.
     *
     * @throws Exception logged, and retried with backoff
     */
    Outcome reconcile(K key, Reconciliation r) throws Exception;
  }

  /** Collects a reconciler's settings. */
  public static final class Builder<K> {
    private final String name;
    private final Reconcile<K> reconcile;
    private int parallelism = 4;
    private RetryPolicy retry = RetryPolicy.standard();
    private Duration resyncPeriod;
    private Supplier<? extends Collection<K>> resyncKeys;
    private Clock clock = Clock.systemUTC();

    private Builder(String name, Reconcile<K> reconcile) {
      this.name = Objects.requireNonNull(name, "name");
      this.reconcile = Objects.requireNonNull(reconcile, "reconcile");
    }

    /** How many keys at most run at a time; 4 by default. */
    public Builder<K> parallelism(int n) {
      if (n < 1) {
        throw new IllegalArgumentException("parallelism must be at least 1");
      }
      parallelism = n;
      return this;
    }

    /** How failures are retried; {@link RetryPolicy#standard} by default. */
    public Builder<K> retry(RetryPolicy policy) {
      retry = policy;
      return this;
    }

    /**
     * Marks every key again, each {@code period} give or take 10 %.
     *
     * @param keys all that there are; called on a virtual thread
     */
    public Builder<K> resync(Duration period, Supplier<? extends Collection<K>> keys) {
      resyncPeriod = period;
      resyncKeys = keys;
      return this;
    }

    /** The clock by which {@link KeyedReconciler#progressing} judges. */
    public Builder<K> clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /** Starts it. */
    public KeyedReconciler<K> start() {
      KeyedReconciler<K> started = new KeyedReconciler<>(this);
      started.scheduleResync();
      return started;
    }
  }

  /** One key's state; guarded by {@link #keys}. */
  private static final class Key {
    /** What asked for the next run; null if nothing did. */
    private String wanted;

    private Thread running;
    private Instant startedAt;
    private Future<?> retry;
    private int failures;
  }

  private final Builder<K> settings;
  private final Map<K, Key> keys = new HashMap<>();
  private final Semaphore permits;
  private final ScheduledThreadPoolExecutor timers;
  private final AtomicLong sequence = new AtomicLong();
  private boolean closed;

  private KeyedReconciler(Builder<K> settings) {
    this.settings = settings;
    this.permits = new Semaphore(settings.parallelism, true);
    this.timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofVirtual().name("timers-" + settings.name).factory());
    this.timers.setRemoveOnCancelPolicy(true);
  }

  /**
   * A reconciler in the making.
   *
   * @param name in log lines
   */
  public static <K> Builder<K> named(String name, Reconcile<K> reconcile) {
    return new Builder<>(name, reconcile);
  }

  /**
   * Asks for a run; returns at once. Ends a retry's wait. Ignored after {@link #close}.
   *
   * @param trigger what asks: an event's type
   */
  public void mark(K key, String trigger) {
    synchronized (keys) {
      if (closed) {
        return;
      }
      Key state = keys.computeIfAbsent(key, k -> new Key());
      if (state.wanted == null) {
        state.wanted = trigger;
      }
      if (state.running == null) {
        begin(key, state);
      }
    }
  }

  /** Whether nothing is marked, running or waiting for a retry. */
  public boolean idle() {
    synchronized (keys) {
      return keys.isEmpty();
    }
  }

  /** Whether no run has been going on for longer than {@code limit}. For liveness. */
  public boolean progressing(Duration limit) {
    Instant oldest = settings.clock.instant().minus(limit);
    synchronized (keys) {
      return keys.values().stream()
          .noneMatch(k -> k.startedAt != null && k.startedAt.isBefore(oldest));
    }
  }

  /** Ends it: no new runs, those under way are interrupted after 5 s. */
  @Override
  public void close() {
    List<Thread> running = new ArrayList<>();
    synchronized (keys) {
      closed = true;
      keys.values().stream().map(k -> k.running).filter(Objects::nonNull).forEach(running::add);
    }
    timers.shutdownNow();
    long end = System.nanoTime() + CLOSE_LIMIT.toNanos();
    for (Thread thread : running) {
      if (thread != Thread.currentThread() && !ended(thread, end - System.nanoTime())) {
        log.atWarn()
            .addKeyValue("reconciler", settings.name)
            .log("A run did not end in time and is interrupted");
        thread.interrupt();
      }
    }
  }

  private static boolean ended(Thread thread, long nanos) {
    try {
      return thread.join(Duration.ofNanos(Math.max(0, nanos)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** With the lock held, for a key that is not running. */
  private void begin(K key, Key state) {
    if (state.retry != null) {
      state.retry.cancel(false);
      state.retry = null;
    }
    state.running =
        Thread.ofVirtual().name(settings.name + "-" + key).unstarted(() -> run(key, state));
    state.running.start();
  }

  private void run(K key, Key state) {
    permits.acquireUninterruptibly();
    try {
      Reconciliation reconciliation;
      synchronized (keys) {
        if (closed) {
          return;
        }
        // Only now, so that all marks made while this run waited for its turn are served by it.
        String id = settings.name + "-" + sequence.incrementAndGet();
        reconciliation = new Reconciliation(id, state.wanted, state.failures + 1);
        state.wanted = null;
        state.startedAt = settings.clock.instant();
      }
      Duration again = reconcile(key, state, reconciliation);
      ended(key, state, again, state.failures > 0);
    } finally {
      permits.release();
    }
  }

  /** Runs once; null if the key is as desired, else when to look again. */
  private Duration reconcile(K key, Key state, Reconciliation r) {
    try {
      Outcome outcome = settings.reconcile.reconcile(key, r);
      state.failures = 0;
      return outcome instanceof Outcome.RetryAfter(Duration delay) ? delay : null;
    } catch (Exception | AssertionError | StackOverflowError e) {
      state.failures = r.attempt();
      Duration delay = settings.retry.delay(r.attempt(), ThreadLocalRandom.current());
      boolean ending = e instanceof InterruptedException;
      log.atLevel(ending ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.WARN)
          .setCause(e)
          .addKeyValue("reconciler", settings.name)
          .addKeyValue("key", key)
          .addKeyValue("reconciliation", r.id())
          .addKeyValue("trigger", r.trigger())
          .addKeyValue("attempt", r.attempt())
          .addKeyValue("retryMillis", delay.toMillis())
          .log("Reconciliation failed and is retried");
      return delay;
    }
  }

  private void ended(K key, Key state, Duration again, boolean failed) {
    synchronized (keys) {
      state.running = null;
      state.startedAt = null;
      if (closed) {
        keys.remove(key);
      } else if (state.wanted != null && !failed) {
        begin(key, state);
      } else if (again != null) {
        String trigger = state.wanted != null ? state.wanted : failed ? "retry" : "again";
        state.wanted = null;
        state.retry = later(again, () -> mark(key, trigger));
      } else {
        keys.remove(key);
      }
    }
  }

  private Future<?> later(Duration delay, Runnable task) {
    return timers.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void scheduleResync() {
    if (settings.resyncPeriod == null) {
      return;
    }
    double jitter = 1 + RESYNC_JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    Duration delay = Duration.ofNanos(Math.round(settings.resyncPeriod.toNanos() * jitter));
    try {
      var _ = later(delay, this::resync);
    } catch (RejectedExecutionException e) {
      log.atDebug().addKeyValue("reconciler", settings.name).log("Closed: no further resync");
    }
  }

  private void resync() {
    try {
      settings.resyncKeys.get().forEach(key -> mark(key, "resync"));
    } catch (RuntimeException e) {
      log.atWarn()
          .setCause(e)
          .addKeyValue("reconciler", settings.name)
          .log("Resync failed; the next one is due as usual");
    } finally {
      scheduleResync();
    }
  }
}
