package dev.skep.cert.acme;

import java.time.Duration;

/** Waits between looks at the CA. */
@FunctionalInterface
interface Pause {
  /**
   * Waits.
   *
   * @throws InterruptedException if the service is closing
   */
  void pause(Duration duration) throws InterruptedException;
}
