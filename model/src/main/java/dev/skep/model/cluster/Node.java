package dev.skep.model.cluster;

import java.util.Map;

/**
 * A machine of the Swarm.
 *
 * @param id the Engine's node id
 * @param address where the manager sees it; "" if unknown
 * @param reachability of a manager by its peers; null for a worker
 * @param nanoCpus capacity in billionths of a core
 * @param memoryBytes capacity
 * @param labels the node's own labels (not the engine's)
 * @param agentSeen whether its node agent reports; null where it never has
 * @param version the Engine's Version.Index
 */
public record Node(
    String id,
    String hostname,
    Role role,
    Availability availability,
    State state,
    String address,
    boolean leader,
    Reachability reachability,
    String engineVersion,
    String os,
    String arch,
    long nanoCpus,
    long memoryBytes,
    Map<String, String> labels,
    Boolean agentSeen,
    long version) {

  /** What a node may do. */
  public enum Role {
    MANAGER,
    WORKER
  }

  /** Whether the scheduler may use it. */
  public enum Availability {
    ACTIVE,
    PAUSE,
    DRAIN
  }

  /** Whether managers hear from it. */
  public enum State {
    READY,
    DOWN,
    DISCONNECTED,
    UNKNOWN
  }

  /** Whether a manager takes part in the quorum. */
  public enum Reachability {
    REACHABLE,
    UNREACHABLE,
    UNKNOWN
  }

  public Node {
    labels = labels == null ? Map.of() : Map.copyOf(labels);
  }

  /** This node with another word on its agent; null where it never reported. */
  public Node withAgentSeen(Boolean seen) {
    return new Node(
        id,
        hostname,
        role,
        availability,
        state,
        address,
        leader,
        reachability,
        engineVersion,
        os,
        arch,
        nanoCpus,
        memoryBytes,
        labels,
        seen,
        version);
  }

  /** Whether the managers hear from it. */
  public boolean ready() {
    return state == State.READY;
  }

  /**
   * Whether its tasks may serve. Swarm's own rule: only those of a node that is down are replaced.
   * A new leader calls every node unknown until it has heard from each, which takes ten seconds,
   * and one that looks for another manager is disconnected; their tasks run on.
   */
  public boolean mayServe() {
    return state != State.DOWN;
  }
}
