package dev.skep.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C ends the measuring, and the process once what measured has cleaned up: it closes this
 * then.
 */
final class OrderlyEnd implements AutoCloseable {
  private static final Duration WITHIN = Duration.ofMinutes(2);

  private final CountDownLatch cleaned = new CountDownLatch(1);
  private volatile boolean asked;

  private OrderlyEnd() {}

  /**
   * From now on, who ends the process interrupts this thread.
   *
   * @param left what to look for if it does not clean up in time
   */
  static OrderlyEnd ofThisThread(String left) {
    OrderlyEnd end = new OrderlyEnd();
    Thread measuring = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> end.interrupt(measuring, left), "clean-up"));
    return end;
  }

  private void interrupt(Thread measuring, String left) {
    if (cleaned.getCount() > 0) {
      asked = true;
      measuring.interrupt();
    }
    try {
      if (!cleaned.await(WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("Not cleaned up in time: look for " + left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the process is to end. */
  boolean asked() {
    return asked;
  }

  /** All is cleaned up. */
  @Override
  public void close() {
    cleaned.countDown();
  }
}
