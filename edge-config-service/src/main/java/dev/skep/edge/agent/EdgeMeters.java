package dev.skep.edge.agent;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.AtomicInteger;

/** An edge agent's meters. */
final class EdgeMeters {
  /** {@code skep_edge_agent_reloads_total}. */
  final Counter reloads;

  /** {@code skep_edge_steps_total}: changes made without a reload. */
  final Counter steps;

  /** {@code skep_edge_mismatches_total}: HAProxy did not serve what it had confirmed. */
  final Counter mismatches;

  /** {@code skep_edge_apply_failures_total}. */
  final Counter failures;

  /** {@code skep_edge_apply_duration_seconds}: from a change to its being served. */
  final Timer apply;

  /** {@code skep_edge_agent_routes}. */
  final AtomicInteger routes = new AtomicInteger();

  /** {@code skep_edge_servers}. */
  final AtomicInteger servers = new AtomicInteger();

  /** {@code skep_edge_refused}: entries that are left out. */
  final AtomicInteger refused = new AtomicInteger();

  /** {@code skep_edge_in_sync}: 1 while the proxy serves what the store says. */
  final AtomicInteger inSync = new AtomicInteger();

  EdgeMeters(MeterRegistry registry, String edge) {
    Tags tags = Tags.of("edge", edge);
    reloads =
        Counter.builder("skep.edge.agent.reloads")
            .description("Reloads of HAProxy by the edge agent")
            .tags(tags)
            .register(registry);
    steps =
        Counter.builder("skep.edge.steps")
            .description("Changes of a running HAProxy made without a reload")
            .tags(tags)
            .register(registry);
    mismatches =
        Counter.builder("skep.edge.mismatches")
            .description("Times that HAProxy did not serve what it had confirmed")
            .tags(tags)
            .register(registry);
    failures =
        Counter.builder("skep.edge.apply.failures")
            .description("Applications that failed and were tried again")
            .tags(tags)
            .register(registry);
    apply =
        Timer.builder("skep.edge.apply.duration")
            .description("From taking up a change to its being served and verified")
            .tags(tags)
            .publishPercentileHistogram()
            .register(registry);
    gauge(registry, tags, "skep.edge.agent.routes", "Routes served", routes);
    gauge(registry, tags, "skep.edge.servers", "Servers known to the proxy", servers);
    gauge(registry, tags, "skep.edge.refused", "Entries that are left out", refused);
    gauge(registry, tags, "skep.edge.in.sync", "Whether the proxy serves what it should", inSync);
  }

  private static void gauge(
      MeterRegistry registry, Tags tags, String name, String description, AtomicInteger value) {
    Gauge.builder(name, value, AtomicInteger::get)
        .description(description)
        .tags(tags)
        .register(registry);
  }
}
