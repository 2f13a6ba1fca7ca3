package dev.skep.inventory.watch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock that is never set: it starts with the wall clock's time and then counts what really
 * passes. What is due "in 50 ms" would otherwise be due hours later after the wall clock was set
 * back, and an agent would seem silent for hours after it was set forward.
 */
public final class SteadyClock implements InstantSource {
  private final InstantSource wall;
  private final LongSupplier nanos;
  private final Instant start;
  private final long startNanos;

  /**
   * A clock that starts now.
   *
   * @param wall what it starts with, and what {@link #onWall} tells
   */
  public SteadyClock(InstantSource wall) {
    this(wall, System::nanoTime);
  }

  SteadyClock(InstantSource wall, LongSupplier nanos) {
    this.wall = wall;
    this.nanos = nanos;
    this.start = wall.instant();
    this.startNanos = nanos.getAsLong();
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanos.getAsLong() - startNanos);
  }

  /**
   * The same moment as people now date it.
   *
   * @param steady of this clock; may be null, and is then null
   */
  public Instant onWall(Instant steady) {
    return steady == null ? null : wall.instant().minus(Duration.between(steady, instant()));
  }
}
