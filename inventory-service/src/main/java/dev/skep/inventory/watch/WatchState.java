package dev.skep.inventory.watch;

import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * How the watch stands, for health and metrics.
 *
 * @param staleSince when the Engine was lost; null while it is reachable
 * @param reason why it is lost; "" while it is reachable
 * @param lastSync when the whole cluster was last read; null if never
 * @param lastLoop when the watch last did anything
 * @param events how many Engine events were seen
 * @param skipped how many objects could not be understood
 * @param hot services being followed closely
 */
public record WatchState(
    Instant staleSince,
    String reason,
    Instant lastSync,
    Instant lastLoop,
    long events,
    long skipped,
    int hot) {
  /** The same by another clock, that of {@code date}. */
  public WatchState dated(UnaryOperator<Instant> date) {
    return new WatchState(
        date.apply(staleSince),
        reason,
        date.apply(lastSync),
        date.apply(lastLoop),
        events,
        skipped,
        hot);
  }
}
