package dev.skep.benchmarks;

import java.io.IOException;
import java.time.Duration;

/** Waits for what others do. */
final class Await {
  private static final Duration TICK = Duration.ofMillis(50);

  private Await() {}

  /** A look at what is waited for. */
  interface Look {
    /** What is still missing; "" if nothing is. */
    String missing() throws IOException, InterruptedException;
  }

  /**
   * Looks again and again.
   *
   * @throws IOException if something is still missing after {@code limit}, with what it is
   */
  static void until(Duration limit, Look look) throws IOException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    String missing = look.missing();
    while (!missing.isEmpty()) {
      if (System.nanoTime() > end) {
        throw new IOException("not within %d s: %s".formatted(limit.toSeconds(), missing));
      }
      Thread.sleep(TICK);
      missing = look.missing();
    }
  }
}
