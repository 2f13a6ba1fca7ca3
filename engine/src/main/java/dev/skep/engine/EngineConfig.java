package dev.skep.engine;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * Where the Engine is and how long it may take to answer.
 *
 * @param host {@code unix:///var/run/docker.sock} or {@code tcp://HOST:PORT}
 * @param timeout for the whole of one call that does not stream, from connecting to the last byte
 */
public record EngineConfig(URI host, Duration timeout) {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

  public EngineConfig {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(timeout, "timeout");
    boolean unix = "unix".equals(host.getScheme()) && host.getPath() != null;
    boolean tcp = "tcp".equals(host.getScheme()) && host.getHost() != null && host.getPort() > 0;
    if (!unix && !tcp) {
      throw new IllegalArgumentException(
          "Engine host '%s' is not understood: use unix:///PATH or tcp://HOST:PORT"
              .formatted(host));
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("Engine timeout must be positive, not " + timeout);
    }
  }

  /** The Engine at {@code host}, with the default timeout of 15 s. */
  public static EngineConfig of(URI host) {
    return new EngineConfig(host, DEFAULT_TIMEOUT);
  }

  /** This machine's Engine at its usual socket. */
  public static EngineConfig local() {
    return of(URI.create("unix:///var/run/docker.sock"));
  }
}
