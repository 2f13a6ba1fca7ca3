package dev.skep.monitor.metrics;

import dev.skep.monitor.cluster.Snapshot;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.util.List;

/** A snapshot of the cluster as metric families; docs/monitoring.md has the table. */
public final class ClusterMetrics {
  private ClusterMetrics() {}

  /** Every family that has something to say. */
  public static List<MetricFamilySamples> of(Snapshot snapshot) {
    Families families = new Families();
    NodeMetrics.add(families, snapshot);
    ServiceMetrics.add(families, snapshot);
    EdgeMetrics.add(families, snapshot);
    StackMetrics.add(families, snapshot);
    return families.list();
  }
}
