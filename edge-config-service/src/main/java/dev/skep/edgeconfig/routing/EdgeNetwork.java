package dev.skep.edgeconfig.routing;

import dev.skep.edgeconfig.labels.LabelProblem;
import dev.skep.edgeconfig.labels.Reason;
import dev.skep.edgeconfig.labels.Suggestion;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Service;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * The network on which edges reach a service's tasks.
 *
 * @param id null if there is a problem
 * @param problem null if the service is on it
 */
record EdgeNetwork(String id, LabelProblem problem) {
  /**
   * @param labelled the network that the service's labels name, by name or id; null: the default
   */
  static EdgeNetwork of(
      Service service, String labelled, String fallback, Function<String, Network> network) {
    String wanted = labelled == null ? fallback : labelled;
    List<Network> joined =
        service.networks().stream().map(network).filter(Objects::nonNull).toList();
    for (Network n : joined) {
      if (n.name().equals(wanted) || n.id().equals(wanted)) {
        return new EdgeNetwork(n.id(), null);
      }
    }
    List<String> names =
        joined.stream().filter(n -> !n.ingress()).map(Network::name).sorted().toList();
    String safe = wanted.replaceAll("[^A-Za-z0-9_.-]", "?");
    // Stacks put their name before the networks they make.
    String meant =
        names.stream()
            .filter(n -> n.endsWith("_" + wanted))
            .findFirst()
            .or(() -> Suggestion.nearest(wanted, names))
            .map(n -> "; did you mean traefik.swarm.network=" + n + "?")
            .orElse("");
    return new EdgeNetwork(
        null,
        new LabelProblem(
            Reason.NOT_ON_EDGE_NETWORK,
            "service '%s' is not on the network '%s' (it is on: %s): attach it, in a stack file by `networks: [%s]` with that network `external: true`, or name one that edges are on by the label traefik.swarm.network%s"
                .formatted(
                    service.name(),
                    safe,
                    names.isEmpty() ? "none" : String.join(", ", names),
                    safe,
                    meant)));
  }
}
