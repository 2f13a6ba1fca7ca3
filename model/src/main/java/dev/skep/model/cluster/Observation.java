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
 * @param healthcheck of {@link Kind#START}: whether the container has a health check, which its
 *     image may bring without the service's spec saying so; null if unknown, and for other kinds
 * @param time when it happened, by that node's clock
 */
public record Observation(
    String nodeId,
    Kind kind,
    String taskId,
    String containerId,
    Integer exitCode,
    Boolean healthcheck,
    Instant time) {

  /** What an agent reports. */
  public enum Kind {
    /** The agent lives. Once a second. */
    BEAT,
    START,
    HEALTHY,
    UNHEALTHY,
    /** A signal that ends the container was sent. */
    KILL,
    OOM,
    DIE,
    /** The agent ends in good order: from now on its silence means nothing. */
    BYE
  }
}
