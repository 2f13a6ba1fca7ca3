package dev.skep.monitor.metrics;

import static dev.skep.monitor.metrics.Values.bit;
import static dev.skep.monitor.metrics.Values.label;

import dev.skep.model.cluster.Node;
import dev.skep.monitor.cluster.Quorum;
import dev.skep.monitor.cluster.Snapshot;
import dev.skep.monitor.metrics.Families.Family;

/**
 * Nodes and the managers' quorum. Two nodes may have one host name (a machine that joined anew
 * leaves its old self behind, down), so each series carries the id too.
 */
final class NodeMetrics {
  private NodeMetrics() {}

  static void add(Families f, Snapshot s) {
    Family info =
        f.info(
            "skep_node_info",
            "What a node is.",
            "node",
            "node_id",
            "role",
            "engine_version",
            "os",
            "arch",
            "address");
    Family state = perNode(f, "skep_node_state", "1 for the node's state, else 0.", "state");
    Family availability =
        perNode(
            f,
            "skep_node_availability",
            "1 for what the scheduler may do with the node, else 0.",
            "state");
    Family reachability =
        perNode(
            f,
            "skep_node_manager_reachability",
            "1 for how the manager's peers reach it, else 0.",
            "state");
    Family leader = perNode(f, "skep_node_manager_leader", "Whether the manager leads.");
    Family agent =
        perNode(f, "skep_node_agent_up", "Whether the node's agent reports; absent without one.");
    Family cpu = perNode(f, "skep_node_capacity_cpu_cores", "Cores of the node.");
    Family memory = perNode(f, "skep_node_capacity_memory_bytes", "Memory of the node.");
    for (Node n : s.nodes()) {
      info.add(
          1,
          n.hostname(),
          n.id(),
          label(n.role()),
          n.engineVersion(),
          n.os(),
          n.arch(),
          n.address());
      for (Node.State one : Node.State.values()) {
        state.add(bit(n.state() == one), n.hostname(), n.id(), label(one));
      }
      for (Node.Availability one : Node.Availability.values()) {
        availability.add(bit(n.availability() == one), n.hostname(), n.id(), label(one));
      }
      if (n.role() == Node.Role.MANAGER) {
        for (Node.Reachability one : Node.Reachability.values()) {
          reachability.add(bit(n.reachability() == one), n.hostname(), n.id(), label(one));
        }
        leader.add(bit(n.leader()), n.hostname(), n.id());
      }
      if (n.agentSeen() != null) {
        agent.add(bit(n.agentSeen()), n.hostname(), n.id());
      }
      cpu.add(n.nanoCpus() / 1e9, n.hostname(), n.id());
      memory.add(n.memoryBytes(), n.hostname(), n.id());
    }
    Quorum quorum = s.quorum();
    if (quorum.managers() > 0) {
      f.gauge("skep_raft_managers", "Managers of the Swarm.").add(quorum.managers());
      f.gauge("skep_raft_managers_reachable", "Managers that answer their peers.")
          .add(quorum.reachable());
      f.gauge(
              "skep_raft_quorum_margin",
              "How many more managers may be lost before the Swarm cannot change; negative: it"
                  + " cannot now.")
          .add(quorum.margin());
    }
  }

  private static Family perNode(Families f, String name, String help, String... more) {
    String[] labels = new String[2 + more.length];
    labels[0] = "node";
    labels[1] = "node_id";
    System.arraycopy(more, 0, labels, 2, more.length);
    return f.gauge(name, help, labels);
  }
}
