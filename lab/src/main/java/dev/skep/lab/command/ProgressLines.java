package dev.skep.lab.command;

import dev.skep.lab.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Steps as the launcher shows its own: with the seconds since its start. */
final class ProgressLines implements Progress {
  private final Instant start = start(System.getenv("SKEP_STARTED"));

  @Override
  public void say(String line) {
    long seconds = Duration.between(start, Instant.now()).toSeconds();
    System.err.printf(Locale.ROOT, "[%3ds] %s%n", seconds, line);
  }

  /** The launcher's start in seconds since 1970; this process's own without a launcher. */
  private static Instant start(String epochSecond) {
    return epochSecond == null ? Instant.now() : Instant.ofEpochSecond(Long.parseLong(epochSecond));
  }
}
