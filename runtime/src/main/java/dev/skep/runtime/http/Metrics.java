package dev.skep.runtime.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meter registry and the Vert.x that reports to it: the one place that knows which kind. */
// The simpleclient registry is the one that Vert.x 5.0's metrics are built against.
@SuppressWarnings("deprecation")
public final class Metrics {
  private static final Logger log = LoggerFactory.getLogger(Metrics.class);

  private Metrics() {}

  /** A new Prometheus registry. */
  public static MeterRegistry newRegistry() {
    return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  }

  /** A Vert.x whose HTTP servers report to {@code registry}. */
  public static Vertx newVertx(MeterRegistry registry) {
    Set<String> disabled =
        EnumSet.complementOf(EnumSet.of(MetricsDomain.HTTP_SERVER)).stream()
            .map(MetricsDomain::toCategory)
            .collect(Collectors.toSet());
    VertxOptions options =
        new VertxOptions()
            // Nothing of ours blocks on these threads, and each costs memory.
            .setEventLoopPoolSize(2)
            .setWorkerPoolSize(4)
            .setInternalBlockingPoolSize(2)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setClassPathResolvingEnabled(false)
                    .setFileCachingEnabled(false))
            .setMetricsOptions(
                new MicrometerMetricsOptions()
                    .setEnabled(true)
                    .setDisabledMetricsCategories(disabled));
    return Vertx.builder()
        .with(options)
        .withMetrics(new MicrometerMetricsFactory(registry))
        .build();
  }

  /** Closes {@code vertx}, waiting at most 10 s. */
  public static void closeVertx(Vertx vertx) {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.atWarn().setCause(e).log("Vert.x did not close in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The content type of {@link #scrape} for such an Accept header. */
  public static String contentType(String accept) {
    return TextFormat.chooseContentType(accept);
  }

  /**
   * Every meter as text.
   *
   * @param accept the request's Accept header; null: Prometheus' text format
   */
  public static String scrape(MeterRegistry registry, String accept) {
    return ((PrometheusMeterRegistry) registry).scrape(TextFormat.chooseContentType(accept));
  }
}
