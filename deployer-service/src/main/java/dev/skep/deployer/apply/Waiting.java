package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/**
 * Whether a deployment is done when its services are as they should be, or when all is sent.
 *
 * @param waits whether services are waited for
 * @param timeout for how long in all, from the beginning of an attempt; from 1 s to a day. Services
 *     that others depend on are waited for in either case, and for no longer
 */
public record Waiting(boolean waits, Duration timeout) {
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Ten minutes: a large image over a slow line takes some. */
  public static final Waiting DEFAULT = new Waiting(true, Duration.ofMinutes(10));

  /**
   * Checks the time.
   *
   * @throws IllegalArgumentException if it is too short or too long
   */
  public Waiting {
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the timeout must be from 1 s to 24 h, not %d s".formatted(timeout.toSeconds()));
    }
  }

  /** The same time, and no waiting for what nothing depends on. */
  public Waiting not() {
    return new Waiting(false, timeout);
  }

  void write(ObjectNode options) {
    options.put("wait", waits).put("timeoutSeconds", timeout.toSeconds());
  }

  static Waiting read(JsonNode options) {
    return new Waiting(
        options.path("wait").asBoolean(DEFAULT.waits()),
        Duration.ofSeconds(options.path("timeoutSeconds").asLong(DEFAULT.timeout().toSeconds())));
  }
}
