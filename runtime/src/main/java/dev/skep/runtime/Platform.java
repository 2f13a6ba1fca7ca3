package dev.skep.runtime;

import dev.skep.runtime.http.Metrics;
import dev.skep.runtime.kafka.KafkaConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * What a process gives to the services in it.
 *
 * @param vertx with HTTP metrics bound to {@code metrics}
 * @param kafka how the broker is reached
 * @param clock the only source of the time of day
 * @param metrics every meter of the process
 * @param fatal ends the process: for what cannot be healed from inside, such as a fenced writer. In
 *     the all-in-one, every service ends with it. Returns before the process has ended.
 */
public record Platform(
    Vertx vertx, KafkaConfig kafka, Clock clock, MeterRegistry metrics, Consumer<Throwable> fatal)
    implements AutoCloseable {

  /** A platform with its own Vert.x and meter registry, on the system's UTC clock. */
  public static Platform create(KafkaConfig kafka, Consumer<Throwable> fatal) {
    return create(kafka, Clock.systemUTC(), fatal);
  }

  /** A platform with its own Vert.x and meter registry. */
  public static Platform create(KafkaConfig kafka, Clock clock, Consumer<Throwable> fatal) {
    MeterRegistry registry = Metrics.newRegistry();
    return new Platform(Metrics.newVertx(registry), kafka, clock, registry, fatal);
  }

  /** Closes Vert.x and the registry; blocks, at most 10 s. Services must be closed before. */
  @Override
  public void close() {
    Metrics.closeVertx(vertx);
    metrics.close();
  }
}
