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
 * skep_schedule_last_success_timestamp_seconds{service}}.
 */
final class ScheduleMeters {
  private static final String RUNS = "skep.schedule.runs";
  private static final String SUCCESS = "skep.schedule.last.success.timestamp";

  private final MeterRegistry registry;
  private final Map<String, AtomicLong> successes = new ConcurrentHashMap<>();

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
    successes
        .computeIfAbsent(
            service,
            name -> {
              AtomicLong seconds = new AtomicLong();
              Gauge.builder(SUCCESS, seconds, AtomicLong::doubleValue)
                  .description("When the last scheduled run ended well")
                  .baseUnit("seconds")
                  .tag("service", name)
                  .register(registry);
              return seconds;
            })
        .set(at.getEpochSecond());
  }

  void removed(String service) {
    successes.remove(service);
    for (String name : List.of(RUNS, SUCCESS)) {
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
