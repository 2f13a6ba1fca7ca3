package dev.skep.deployer.schedule;

import java.time.Instant;
import java.util.Optional;

/** The moments at which something is to run. Whoever asks gets the same ones. */
public sealed interface Times permits CronTimes, EveryTimes {
  /**
   * The first moment after another one.
   *
   * @return whole seconds; empty if none comes any more
   */
  Optional<Instant> next(Instant after);
}
