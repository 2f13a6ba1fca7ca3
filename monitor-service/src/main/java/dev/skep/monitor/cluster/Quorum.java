package dev.skep.monitor.cluster;

import dev.skep.model.cluster.Node;
import java.util.Collection;

/**
 * How safe the managers' majority is.
 *
 * @param managers how many there are
 * @param reachable how many of them answer their peers
 * @param needed how many must
 * @param margin how many more may be lost; negative: there is no quorum
 * @param leader the leader's host name; null if none is known
 */
public record Quorum(int managers, int reachable, int needed, int margin, String leader) {
  /** Of these nodes. Without any manager known, all is 0. */
  public static Quorum of(Collection<Node> nodes) {
    int managers = 0;
    int reachable = 0;
    String leader = null;
    for (Node node : nodes) {
      if (node.role() != Node.Role.MANAGER) {
        continue;
      }
      managers++;
      if (node.reachability() == Node.Reachability.REACHABLE) {
        reachable++;
      }
      if (node.leader()) {
        leader = node.hostname();
      }
    }
    int needed = managers == 0 ? 0 : managers / 2 + 1;
    return new Quorum(managers, reachable, needed, reachable - needed, leader);
  }
}
