package dev.skep.runtime.http;

import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import java.util.List;

/**
 * A process's one HTTP server: {@code /health/live}, {@code /health/ready} and {@code /metrics} for
 * everyone, and the services' own endpoints for those who show the token. Every error is a {@link
 * Problem} as {@code application/problem+json}.
 */
public final class HttpFrontDoor implements AutoCloseable {
  private HttpFrontDoor() {}

  /**
   * Opens it; blocks until it listens.
   *
   * @throws java.io.UncheckedIOException if it cannot listen, with one line that says why and what
   *     to do
   */
  public static HttpFrontDoor open(
      Platform platform, HttpConfig config, List<? extends SkepService> services) {
    throw new UnsupportedOperationException("not yet");
  }

  /** The port on which it listens. */
  public int port() {
    throw new UnsupportedOperationException("not yet");
  }

  /** Stops listening; requests under way have 5 s. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("not yet");
  }
}
