package dev.skep.deployer.source.read;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Until when one commit may be read: bounds of size alone do not keep a repository that is made for
 * it from taking hours. Thread-safe.
 */
public final class Deadline {
  private final Clock clock;
  private final Duration limit;
  private final Instant end;

  /** One that begins now. */
  public Deadline(Duration limit, Clock clock) {
    this.clock = clock;
    this.limit = limit;
    this.end = clock.instant().plus(limit);
  }

  /**
   * Does nothing until then.
   *
   * @throws IOException with a message for the user, from then on
   */
  public void check() throws IOException {
    if (clock.instant().isAfter(end)) {
      throw new IOException(
          "reading the commit took longer than %d s; use a smaller repository, or push again"
              .formatted(limit.toSeconds()));
    }
  }
}
