package dev.skep.monitor.metrics;

import static dev.skep.monitor.metrics.Values.bit;
import static dev.skep.monitor.metrics.Values.label;
import static dev.skep.monitor.metrics.Values.seconds;
import static dev.skep.monitor.status.Conditions.holds;

import dev.skep.model.cert.Certificate;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.StorePosition;
import dev.skep.monitor.cluster.Snapshot;
import dev.skep.monitor.metrics.Families.Family;
import dev.skep.monitor.status.Statuses;

/** What is served and what serves it: routes, backends, edges and certificates. */
final class EdgeMetrics {
  private EdgeMetrics() {}

  static void add(Families f, Snapshot s) {
    routes(f, s);
    edges(f, s);
    certificates(f, s);
  }

  private static void routes(Families f, Snapshot s) {
    Family accepted =
        f.gauge("skep_route_accepted", "Whether edges serve the route.", "route", "service");
    for (Route route : s.routes()) {
      accepted.add(bit(route.accepted()), route.id(), route.service());
    }
    Family servers =
        f.gauge(
            "skep_backend_servers",
            "Tasks behind a backend, by whether they take new requests.",
            "backend",
            "state");
    for (Backend backend : s.backends()) {
      for (Backend.State state : Backend.State.values()) {
        long count = backend.servers().stream().filter(b -> b.state() == state).count();
        servers.add(count, backend.id(), label(state));
      }
    }
  }

  private static void edges(Families f, Snapshot s) {
    Family info = f.info("skep_edge_info", "What an edge runs.", "edge", "proxy");
    Family ready = f.gauge("skep_edge_ready", "Whether the edge serves what it should.", "edge");
    Family routes =
        f.gauge(
            "skep_edge_routes",
            "Routes that the edge serves, and entries that it refused.",
            "edge",
            "state");
    Family config =
        f.gauge(
            "skep_edge_config_revision",
            "The newest offset of a topic that the edge follows, as seen here.",
            "edge",
            "topic");
    Family applied =
        f.gauge(
            "skep_edge_applied_revision",
            "The offset of a topic up to which the edge has applied it.",
            "edge",
            "topic");
    Family servers =
        f.gauge("skep_edge_backend_servers", "Servers that the edge's proxy knows.", "edge");
    Family certificates =
        f.gauge("skep_edge_certificates", "Certificates that the edge serves.", "edge");
    Family reloads =
        f.counter("skep_edge_reloads_total", "Reloads of the edge's proxy by its agent.", "edge");
    Family since =
        f.gauge(
            "skep_edge_applied_timestamp_seconds",
            "When the edge applied its revision, in seconds since 1970.",
            "edge");
    for (EdgeStatus e : s.edges()) {
      info.add(1, e.edge(), e.proxy());
      ready.add(bit(holds(e.conditions(), Statuses.EDGE_READY)), e.edge());
      routes.add(e.routes(), e.edge(), "served");
      routes.add(e.refused().size(), e.edge(), "refused");
      servers.add(e.servers(), e.edge());
      certificates.add(e.certificates().size(), e.edge());
      reloads.add(e.reloads(), e.edge());
      if (e.since() != null) {
        since.add(seconds(e.since()), e.edge());
      }
      if (e.applied() == null) {
        continue;
      }
      for (var entry : e.applied().topics().entrySet()) {
        StorePosition.Position position = entry.getValue();
        applied.add(position.offset(), e.edge(), entry.getKey());
        Snapshot.Feed feed = s.feeds().get(entry.getKey());
        if (feed != null) {
          config.add(Math.max(feed.offset(), position.offset()), e.edge(), entry.getKey());
        }
      }
    }
  }

  private static void certificates(Families f, Snapshot s) {
    Family notAfter =
        f.gauge(
            "skep_certificate_not_after_timestamp_seconds",
            "When the certificate expires, in seconds since 1970; absent until it is issued.",
            "name",
            "issuer");
    Family renewal =
        f.gauge(
            "skep_certificate_renewal_timestamp_seconds",
            "When its renewal is due, in seconds since 1970.",
            "name",
            "issuer");
    Family ready =
        f.gauge("skep_certificate_ready", "Whether a valid certificate exists.", "name", "issuer");
    for (Certificate c : s.certificates()) {
      ready.add(bit(holds(c.conditions(), Certificate.READY)), c.name(), c.issuer());
      if (c.notAfter() != null) {
        notAfter.add(seconds(c.notAfter()), c.name(), c.issuer());
      }
      if (c.renewAt() != null) {
        renewal.add(seconds(c.renewAt()), c.name(), c.issuer());
      }
    }
  }
}
