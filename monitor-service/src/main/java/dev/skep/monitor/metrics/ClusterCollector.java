package dev.skep.monitor.metrics;

import dev.skep.monitor.cluster.Snapshot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The cluster's metrics in the process' registry. A scrape reads one snapshot: its numbers agree,
 * and what is gone leaves no series behind. Until all topics are read there is none: half a cluster
 * would look like an outage.
 */
public final class ClusterCollector extends Collector {
  private final Supplier<Snapshot> snapshot;
  private final BooleanSupplier ready;

  /** Reads {@code snapshot} once a scrape, if {@code ready}. */
  public ClusterCollector(Supplier<Snapshot> snapshot, BooleanSupplier ready) {
    this.snapshot = snapshot;
    this.ready = ready;
  }

  /**
   * Joins the process' registry.
   *
   * @throws IllegalArgumentException if that is no Prometheus registry, or holds another monitor's
   */
  public void join(MeterRegistry registry) {
    prometheus(registry).register(this);
  }

  /** Leaves it again. */
  public void leave(MeterRegistry registry) {
    prometheus(registry).unregister(this);
  }

  // The registry on the simpleclient is the one that Vert.x 5.0's metrics are built against.
  @SuppressWarnings("deprecation")
  private static CollectorRegistry prometheus(MeterRegistry registry) {
    if (registry instanceof PrometheusMeterRegistry prometheus) {
      return prometheus.getPrometheusRegistry();
    }
    throw new IllegalArgumentException(
        "the cluster's metrics need a PrometheusMeterRegistry, not " + registry.getClass());
  }

  @Override
  public List<MetricFamilySamples> collect() {
    boolean complete = ready.getAsBoolean();
    List<MetricFamilySamples> families = new ArrayList<>();
    families.add(
        new MetricFamilySamples(
            "skep_monitor_ready",
            Type.GAUGE,
            "Whether all topics are read; without that, the cluster's metrics are left out.",
            List.of(
                new MetricFamilySamples.Sample(
                    "skep_monitor_ready", List.of(), List.of(), complete ? 1 : 0))));
    if (complete) {
      families.addAll(ClusterMetrics.of(snapshot.get()));
    }
    return families;
  }
}
