package dev.skep.cli.edge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.Names;
import dev.skep.edge.Admission;
import dev.skep.edge.EdgeModel;
import dev.skep.edge.haproxy.HaproxyRenderer;
import dev.skep.edge.haproxy.HaproxySettings;
import dev.skep.edge.traefik.TraefikRenderer;
import dev.skep.edgeconfig.routing.ClusterView;
import dev.skep.edgeconfig.routing.RoutingOptions;
import dev.skep.edgeconfig.routing.RoutingTable;
import dev.skep.inventory.mapping.ClusterState;
import dev.skep.model.Condition;
import dev.skep.model.edge.Route;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** What edges would serve for a snapshot of a cluster. Pure. */
record EdgePreview(EdgeModel model, List<String> notServed) {

  /** Reads the snapshot, compiles its labels. */
  static EdgePreview of(JsonNode snapshot) {
    ClusterState cluster = ClusterState.fromSnapshot(snapshot);
    RoutingTable table =
        RoutingTable.compile(
            new ClusterView(
                cluster.services().values(),
                cluster.tasks().values(),
                cluster.networks().values(),
                cluster.nodes().values()),
            RoutingOptions.defaults(),
            RoutingTable.EMPTY,
            Instant.EPOCH);
    Stream<String> refused =
        table.routes().values().stream().filter(r -> !r.accepted()).map(EdgePreview::reason);
    Stream<String> skipped = cluster.skipped().stream().map(Object::toString);
    // Certificates and issuers are no part of a snapshot.
    Admission admission =
        Admission.of(EdgeModel.of(table.routes(), table.backends(), Map.of(), Map.of()), Map.of());
    Stream<String> notAdmitted = admission.refused().stream().map(r -> r.key() + ": " + r.reason());
    return new EdgePreview(
        admission.model(),
        Stream.of(skipped, refused, notAdmitted).flatMap(Function.identity()).toList());
  }

  /** Files by name. */
  Map<String, String> haproxy() {
    return new HaproxyRenderer(HaproxySettings.of(Names.PROXY_DIR)).render(model).texts();
  }

  /** The dynamic configuration, under the name of its file. */
  Map<String, String> traefik() {
    HaproxySettings haproxy = HaproxySettings.of(Names.PROXY_DIR);
    TraefikRenderer renderer =
        new TraefikRenderer(
            name -> Names.PROXY_DIR + "/certs/" + name + ".pem", haproxy.publicHttpsPort());
    return Map.of("skep.yml", renderer.render(model));
  }

  private static String reason(Route route) {
    return route.conditions().stream()
        .filter(c -> c.type().equals(Route.ACCEPTED))
        .map(Condition::message)
        .findFirst()
        .map(m -> "route " + route.id() + " of " + route.service() + ": " + m)
        .orElse("route " + route.id() + " of " + route.service());
  }
}
