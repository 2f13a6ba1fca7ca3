package dev.skep.inventory;

import dev.skep.inventory.watch.WatchState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/** The inventory's metrics. */
final class InventoryMeters {
  private InventoryMeters() {}

  static void bind(MeterRegistry registry, Supplier<WatchState> state) {
    gauge(
        registry,
        state,
        "skep.inventory.last.sync.timestamp.seconds",
        "When the whole cluster was last read, in seconds of Unix time; 0 if never",
        s -> s.lastSync() == null ? 0 : seconds(s.lastSync()));
    gauge(
        registry,
        state,
        "skep.inventory.stale.since.timestamp.seconds",
        "Since when the Engine cannot be followed, in seconds of Unix time; 0 while it can",
        s -> s.staleSince() == null ? 0 : seconds(s.staleSince()));
    gauge(
        registry,
        state,
        "skep.inventory.engine.up",
        "Whether the Engine is followed",
        s -> s.staleSince() == null ? 1 : 0);
    gauge(
        registry,
        state,
        "skep.inventory.hot.services",
        "Services whose tasks are followed closely as they change",
        s -> s.hot());
    counter(
        registry, state, "skep.inventory.engine.events", "Events of the Engine", s -> s.events());
    counter(
        registry,
        state,
        "skep.inventory.skipped.objects",
        "Objects of the Engine that were left out as they could not be understood",
        s -> s.skipped());
  }

  private static double seconds(Instant at) {
    return at.toEpochMilli() / 1000.0;
  }

  private static void gauge(
      MeterRegistry registry,
      Supplier<WatchState> state,
      String name,
      String help,
      Function<WatchState, Number> value) {
    Gauge.builder(name, () -> read(state, value)).description(help).register(registry);
  }

  private static void counter(
      MeterRegistry registry,
      Supplier<WatchState> state,
      String name,
      String help,
      Function<WatchState, Number> value) {
    FunctionCounter.builder(name, state, s -> read(s, value)).description(help).register(registry);
  }

  private static double read(Supplier<WatchState> state, Function<WatchState, Number> value) {
    WatchState now = state.get();
    return now == null ? 0 : value.apply(now).doubleValue();
  }
}
