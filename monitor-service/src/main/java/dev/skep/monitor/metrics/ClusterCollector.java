package dev.skep.monitor.metrics;

import dev.skep.monitor.cluster.Snapshot;
import io.prometheus.client.Collector;
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
