package dev.skep.runtime.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * Runs a reconciliation for keys that were marked: one run per key at a time, marks coalesced, a
 * mark during a run runs the key again, a failure is retried with backoff, and every key is marked
 * again from time to time. Runs are on virtual threads and may block.
 *
 * <p>Thread-safe.
 *
 * @param <K> the key: an entity's id
 */
public final class KeyedReconciler<K> implements AutoCloseable {
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
    private Builder() {}

    /** How many keys at most run at a time; 4 by default. */
    public Builder<K> parallelism(int n) {
      throw new UnsupportedOperationException("not yet");
    }

    /** How failures are retried; {@link RetryPolicy#standard} by default. */
    public Builder<K> retry(RetryPolicy policy) {
      throw new UnsupportedOperationException("not yet");
    }

    /**
     * Marks every key again, each {@code period} give or take 10 %.
     *
     * @param keys all that there are; called on a virtual thread
     */
    public Builder<K> resync(Duration period, Supplier<? extends Collection<K>> keys) {
      throw new UnsupportedOperationException("not yet");
    }

    /** The clock by which {@link KeyedReconciler#progressing} judges. */
    public Builder<K> clock(Clock clock) {
      throw new UnsupportedOperationException("not yet");
    }

    /** Starts it. */
    public KeyedReconciler<K> start() {
      throw new UnsupportedOperationException("not yet");
    }
  }

  private KeyedReconciler() {}

  /**
   * A reconciler in the making.
   *
   * @param name in log lines
   */
  public static <K> Builder<K> named(String name, Reconcile<K> reconcile) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Asks for a run; returns at once. Ends a retry's wait. Ignored after {@link #close}.
   *
   * @param trigger what asks: an event's type
   */
  public void mark(K key, String trigger) {
    throw new UnsupportedOperationException("not yet");
  }

  /** Whether nothing is marked, running or waiting for a retry. */
  public boolean idle() {
    throw new UnsupportedOperationException("not yet");
  }

  /** Whether no run has been going on for longer than {@code limit}. For liveness. */
  public boolean progressing(Duration limit) {
    throw new UnsupportedOperationException("not yet");
  }

  /** Ends it: no new runs, those under way are interrupted after 5 s. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("not yet");
  }
}
