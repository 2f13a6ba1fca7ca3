package dev.skep.deployer.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Moments at equal distances, counted from a fixed one, so that neither a restart nor a late run
 * moves those that follow, and services do not all run at the same second.
 *
 * @param period whole seconds, at least one
 * @param anchor the first moment is one period later
 */
public record EveryTimes(Duration period, Instant anchor) implements Times {
  public EveryTimes {
    if (period.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("the period must be at least a second");
    }
    period = period.truncatedTo(ChronoUnit.SECONDS);
    anchor = anchor.truncatedTo(ChronoUnit.SECONDS);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    if (after.isBefore(anchor)) {
      return Optional.of(anchor.plus(period));
    }
    long passed = Duration.between(anchor, after).toSeconds() / period.toSeconds();
    return Optional.of(anchor.plus(period.multipliedBy(passed + 1)));
  }
}
