package dev.skep.deployer.source.git;

import java.time.Duration;

/**
 * What a repository may cost.
 *
 * @param packBytes of one commit as it is sent, compressed
 * @param objectBytes of the largest file
 * @param objects files and folders of one commit
 * @param time for everything that is asked of the host in one go
 */
public record Limits(long packBytes, long objectBytes, int objects, Duration time) {
  /** Many times what stacks need, little to a deployer. */
  public static Limits standard() {
    return new Limits(64L << 20, 16L << 20, 50_000, Duration.ofMinutes(2));
  }
}
