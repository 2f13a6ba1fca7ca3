package dev.skep.deployer.schedule.run;

import dev.skep.deployer.schedule.run.RunReport.Result;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code skep_schedule_runs_total{service,outcome}} with outcome {@code started}, {@code
 * succeeded}, {@code failed}, {@code replaced}, {@code skipped} or {@code missed}, and {@code
 * skep_schedule_last_success_timestamp_seconds{service}}, and the same of the last failure.
 */
final class ScheduleMeters {
  private static final String RUNS = "skep.schedule.runs";
  private static final String SUCCESS = "skep.schedule.last.success.timestamp";

  private final MeterRegistry registry;
  private static final String FAILURE = "skep.schedule.last.failure.timestamp";

  /** By metric and service. */
  private final Map<String, AtomicLong> times = new ConcurrentHashMap<>();

  ScheduleMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** All outcomes are there from the start, so that the first of a kind is seen as one more. */
  void added(String service) {
    counter(service, "started");
    for (Result result :
        List.of(Result.SUCCEEDED, Result.FAILED, Result.REPLACED, Result.SKIPPED, Result.MISSED)) {
      counter(service, name(result));
    }
  }

  void started(String service) {
    counter(service, "started").increment();
  }

  void ended(String service, Result result) {
    counter(service, name(result)).increment();
  }

  void succeeded(String service, Instant at) {
    time(SUCCESS, "When the last scheduled run ended well", service, at);
  }

  /** It failed, or there was none when there should have been. */
  void failed(String service, Instant at) {
    time(FAILURE, "When a scheduled run last failed or was missed", service, at);
  }

  private void time(String metric, String description, String service, Instant at) {
    times
        .computeIfAbsent(
            metric + " " + service,
            key -> {
              AtomicLong seconds = new AtomicLong();
              Gauge.builder(metric, seconds, AtomicLong::doubleValue)
                  .description(description)
                  .baseUnit("seconds")
                  .tag("service", service)
                  .register(registry);
              return seconds;
            })
        .set(at.getEpochSecond());
  }

  void removed(String service) {
    for (String name : List.of(RUNS, SUCCESS, FAILURE)) {
      times.remove(name + " " + service);
      registry.find(name).tag("service", service).meters().forEach(registry::remove);
    }
  }

  private Counter counter(String service, String outcome) {
    return Counter.builder(RUNS)
        .description("What came of the moments of a service's schedule")
        .tag("service", service)
        .tag("outcome", outcome)
        .register(registry);
  }

  private static String name(Result result) {
    return result.name().toLowerCase(Locale.ROOT);
  }
}
