package dev.skep.monitor.cluster;

import dev.skep.model.cert.Certificate;
import dev.skep.model.cert.Issuer;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.Route;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Stack;
import java.util.List;
import java.util.Map;

/**
 * The whole cluster at one moment. Immutable: a scrape, a page and an answer each read one of these
 * and nothing else, so that their numbers agree with each other. Lists are in a stable order.
 *
 * @param revision grows with each change; equal revisions mean equal snapshots
 * @param nodes by host name
 * @param services by name
 * @param deployments by stack, newest first
 * @param deploymentTallies by stack: those that were seen to end
 * @param feeds by topic
 */
public record Snapshot(
    long revision,
    List<Node> nodes,
    List<ServiceFacts> services,
    List<Network> networks,
    List<Stack> stacks,
    List<Deployment> deployments,
    List<Route> routes,
    List<Backend> backends,
    List<EdgeStatus> edges,
    List<Certificate> certificates,
    List<Issuer> issuers,
    Map<String, Map<Deployment.Phase, Histogram>> deploymentTallies,
    Map<String, Feed> feeds) {

  /**
   * How far one topic has been applied.
   *
   * @param offset of the last record applied; -1 for none
   * @param lastEvent when the newest applied event was made, in seconds since 1970; NaN for none
   */
  public record Feed(long offset, double lastEvent) {}

  /** The managers' majority. */
  public Quorum quorum() {
    return Quorum.of(nodes);
  }

  /**
   * How many records of the topics that it follows this edge has not applied yet, as far as is
   * known here. Never negative: the edge may be ahead of this reader.
   */
  public long lag(EdgeStatus edge) {
    if (edge.applied() == null) {
      return 0;
    }
    return edge.applied().topics().entrySet().stream()
        .filter(e -> feeds.containsKey(e.getKey()))
        .mapToLong(e -> Math.max(0, feeds.get(e.getKey()).offset() - e.getValue().offset()))
        .sum();
  }
}
