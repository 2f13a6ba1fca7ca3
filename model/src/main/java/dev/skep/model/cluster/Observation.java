package dev.skep.model.cluster;

import java.time.Instant;

/**
 * What a node agent saw on its own Engine. It speaks of its own node alone.
 *
 * @param nodeId the agent's node
 * @param kind what happened
 * @param taskId the Swarm task of the container; null for a beat
 * @param containerId null for a beat
 * @param exitCode of {@link Kind#DIE}; else null
 * @param time when it happened, by that node's clock
 */
public record Observation(
    String nodeId, Kind kind, String taskId, String containerId, Integer exitCode, Instant time) {

  /** What an agent reports. */
  public enum Kind {
    /** The agent lives. Once a second. */
    BEAT,
    START,
    HEALTHY,
    UNHEALTHY,
    /** A signal was sent. */
    KILL,
    OOM,
    DIE
  }
}
