package dev.skep.runtime.kafka;

import dev.skep.runtime.Platform;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** What a view tells of itself in metrics, by topic and reader. */
final class ViewMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final AtomicLong lag = new AtomicLong();
  private final Gauge lagGauge;
  private final Timer endToEnd;
  private final Counter handlerFailures;

  ViewMeters(Platform platform, String topic, String reader) {
    registry = platform.metrics();
    Tags tags = Tags.of("topic", topic, "reader", reader);
    lagGauge =
        Gauge.builder("skep.events.consumer.lag", lag, AtomicLong::doubleValue)
            .description("Offsets between the topic's end and what the reader has applied")
            .tags(tags)
            .register(registry);
    endToEnd =
        Timer.builder("skep.events.end.to.end")
            .description("From an event's time to its being applied; replays are left out")
            .tags(tags)
            .serviceLevelObjectives(
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(250),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5))
            .register(registry);
    handlerFailures =
        Counter.builder("skep.events.handler.failures")
            .description("Changes whose handler threw")
            .tags(tags)
            .register(registry);
  }

  void lag(long offsets) {
    lag.set(offsets);
  }

  void applied(Instant eventTime, Instant now) {
    Duration took = Duration.between(eventTime, now);
    endToEnd.record(took.isNegative() ? Duration.ZERO : took);
  }

  void handlerFailed() {
    handlerFailures.increment();
  }

  /** The gauge goes with its view; totals stay. */
  @Override
  public void close() {
    registry.remove(lagGauge);
  }
}
