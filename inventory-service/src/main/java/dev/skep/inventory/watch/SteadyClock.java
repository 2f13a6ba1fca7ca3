package dev.skep.inventory.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;

/**
 * A clock that is never set: it starts with the wall clock's time and then counts what really
 * passes. What is due "in 50 ms" would otherwise be due hours later after the wall clock was set
 * back, and an agent would seem silent for hours after it was set forward.
 */
public final class SteadyClock extends Clock {
  private final Clock wall;
  private final LongSupplier nanos;
  private final Instant start;
  private final long startNanos;

  /**
   * A clock that starts now.
   *
   * @param wall what it starts with, and what {@link #onWall} tells
   */
  public SteadyClock(Clock wall) {
    this(wall, System::nanoTime);
  }

  SteadyClock(Clock wall, LongSupplier nanos) {
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

  @Override
  public ZoneId getZone() {
    return wall.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("instants only");
  }
}
