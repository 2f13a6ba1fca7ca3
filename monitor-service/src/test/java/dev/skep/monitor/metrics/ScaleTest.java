package dev.skep.monitor.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Task;
import dev.skep.monitor.Fixtures;
import dev.skep.monitor.cluster.ClusterModel;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a scrape holds does not grow with tasks; how long one takes is a benchmark's business. */
class ScaleTest {
  @Test
  void tenTimesTheTasksMakeTheSameSeries() {
    long few = series(cluster(100, 50, 10));

    long many = series(cluster(100, 50, 100));

    assertThat(many).isEqualTo(few);
  }

  /** A cluster with this many nodes, services, and running tasks per service. */
  static ClusterModel cluster(int nodes, int services, int tasks) {
    ClusterModel model = new ClusterModel();
    for (int n = 0; n < nodes; n++) {
      model.node("n" + n, Fixtures.node("n" + n, Node.Role.WORKER));
    }
    for (int s = 0; s < services; s++) {
      model.service("s" + s, Fixtures.service("s" + s, tasks));
      for (int t = 0; t < tasks; t++) {
        String id = "t" + s + "-" + t;
        model.task(
            null,
            Fixtures.task(id, "s" + s, "n" + (s * tasks + t) % nodes, Task.State.RUNNING),
            true);
      }
    }
    return model;
  }

  private static long series(ClusterModel model) {
    List<MetricFamilySamples> families = ClusterMetrics.of(model.snapshot());
    return families.stream().mapToLong(f -> f.samples.size()).sum();
  }
}
