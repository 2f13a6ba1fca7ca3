package dev.skep.deployer;

import dev.skep.deployer.heal.Heals;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code skep_stack_in_sync{stack}}: 1 while the cluster holds what was applied, 0 where others
 * have changed it, absent before it was compared; {@code skep_stack_heals_total{stack,outcome}}
 * with outcome {@code succeeded} or {@code failed}: restorations that ended while this process
 * watched.
 */
final class DriftMeters {
  private final MeterRegistry registry;
  private final Map<String, Series> stacks = new ConcurrentHashMap<>();

  private record Series(AtomicInteger inSync, List<Meter> meters) {}

  DriftMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void inSync(String stack, boolean holds) {
    stacks.computeIfAbsent(stack, this::register).inSync().set(holds ? 1 : 0);
  }

  /** A deployment's record has changed; before may be null. */
  void changed(Deployment before, Deployment after) {
    boolean ended =
        before != null && before.phase() == Phase.RUNNING && after.phase() != Phase.RUNNING;
    if (ended && Heals.is(after)) {
      heals(after.stack(), after.phase()).increment();
    }
  }

  /** The stack is gone. */
  void forget(String stack) {
    Series series = stacks.remove(stack);
    if (series != null) {
      series.meters().forEach(registry::remove);
    }
  }

  private Series register(String stack) {
    AtomicInteger value = new AtomicInteger();
    List<Meter> meters = new ArrayList<>();
    meters.add(
        Gauge.builder("skep.stack.in.sync", value, AtomicInteger::get)
            .description("Whether the cluster holds what was applied of a stack")
            .tag("stack", stack)
            .register(registry));
    for (Phase outcome : List.of(Phase.SUCCEEDED, Phase.FAILED)) {
      meters.add(heals(stack, outcome));
    }
    return new Series(value, meters);
  }

  private Counter heals(String stack, Phase outcome) {
    return Counter.builder("skep.stack.heals")
        .description("Times that a stack was set back to what was deployed")
        .tag("stack", stack)
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }
}
