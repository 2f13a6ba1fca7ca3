package dev.skep.runtime.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;

/** The meter registry and the Vert.x that reports to it: the one place that knows which kind. */
public final class Metrics {
  private Metrics() {}

  /** A new Prometheus registry. */
  public static MeterRegistry newRegistry() {
    throw new UnsupportedOperationException("not yet");
  }

  /** A Vert.x whose HTTP servers report to {@code registry}. */
  public static Vertx newVertx(MeterRegistry registry) {
    throw new UnsupportedOperationException("not yet");
  }

  /** Closes {@code vertx}, waiting at most 10 s. */
  public static void closeVertx(Vertx vertx) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Every meter as text.
   *
   * @param accept the request's Accept header; null: Prometheus' text format
   */
  public static String scrape(MeterRegistry registry, String accept) {
    throw new UnsupportedOperationException("not yet");
  }
}
