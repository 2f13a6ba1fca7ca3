package dev.skep.lab;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Cuts a node off by filters on its network interface, below everything that runs on it: address
 * resolution and what keepalived announces are cut too.
 */
final class Partition {
  private static final String TABLE = "skep_lab";
  private final Docker docker;
  private final LabSpec spec;

  Partition(Docker docker, LabSpec spec) {
    this.docker = docker;
    this.spec = spec;
  }

  /** Lets {@code node} talk to the others of {@code group} alone. */
  void cut(Node node, List<Node> group) {
    String rules = rules(group.stream().filter(n -> !n.equals(node)).toList());
    Result result =
        docker.run(
            "exec", spec.container(node.name()), "sh", "-c", "echo '" + rules + "' | nft -f -");
    if (!result.ok()) {
      throw new LabException(
          node.name()
              + " cannot be cut off: "
              + result.err().strip()
              + " (needs a kernel with nf_tables and egress hooks, 5.16 or later)");
    }
  }

  /**
   * Takes the filters away, if there are any; a node that is off has none, a frozen one keeps them.
   */
  void heal(Node node) {
    // Made first, as an old table is when it is replaced: to delete one that is not there is an
    // error.
    String rules = "table netdev %1$s\ndelete table netdev %1$s\n".formatted(TABLE);
    Result result =
        docker.run(
            "exec", spec.container(node.name()), "sh", "-c", "echo '" + rules + "' | nft -f -");
    if (!result.ok() && runs(node)) {
      throw new LabException(node.name() + " cannot be healed: " + result.err().strip());
    }
  }

  private boolean runs(Node node) {
    return docker
        .run("inspect", "-f", "{{.State.Status}}", spec.container(node.name()))
        .out()
        .strip()
        .equals("running");
  }

  /** In nft's language: an old table is replaced. */
  private String rules(List<Node> peers) {
    String addresses = peers.stream().map(spec.subnet()::of).collect(Collectors.joining(", "));
    return """
    table netdev %1$s
    delete table netdev %1$s
    table netdev %1$s {
      chain arriving { type filter hook ingress device "eth0" priority -500; policy drop; %2$s }
      chain leaving { type filter hook egress device "eth0" priority -500; policy drop; %3$s }
    }
    """
        .formatted(TABLE, accept("saddr", addresses), accept("daddr", addresses));
  }

  private static String accept(String side, String addresses) {
    return addresses.isEmpty()
        ? ""
        : "ip %1$s { %2$s } accept; arp %1$s ip { %2$s } accept;".formatted(side, addresses);
  }
}
