package dev.skep.model.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A Swarm service as the Engine holds it. What can carry secrets (environment) is masked before a
 * value of this type is made.
 *
 * @param stack of {@code com.docker.stack.namespace}; null outside stacks
 * @param labels the service's labels (not those of its containers)
 * @param desired how many tasks there should be: replicas, or for a global service the tasks that
 *     the scheduler wants
 * @param image as in the spec, with tag and digest
 * @param networks the ids of the networks that its tasks join
 * @param environment names of variables to masked values
 * @param updateStatus null if it was never updated
 * @param version the Engine's Version.Index
 */
public record Service(
    String id,
    String name,
    String stack,
    Map<String, String> labels,
    Mode mode,
    int desired,
    String image,
    List<String> networks,
    List<Port> ports,
    boolean vip,
    boolean healthcheck,
    Map<String, String> environment,
    UpdateStatus updateStatus,
    Instant createdAt,
    Instant updatedAt,
    long version) {

  /** How tasks are made. */
  public enum Mode {
    REPLICATED,
    GLOBAL,
    REPLICATED_JOB,
    GLOBAL_JOB
  }

  /**
   * A published port.
   *
   * @param published 0 if the Engine chooses
   * @param host whether it is published on the task's own node only
   */
  public record Port(String protocol, int target, int published, boolean host) {}

  /**
   * The Engine's word on the last update.
   *
   * @param state updating, paused, completed, rollback_started, rollback_paused, rollback_completed
   */
  public record UpdateStatus(
      String state, String message, Instant startedAt, Instant completedAt) {}

  public Service {
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    networks = networks == null ? List.of() : List.copyOf(networks);
    ports = ports == null ? List.of() : List.copyOf(ports);
    environment = environment == null ? Map.of() : Map.copyOf(environment);
  }

  /** Whether this service's tasks end by design. */
  public boolean job() {
    return mode == Mode.REPLICATED_JOB || mode == Mode.GLOBAL_JOB;
  }
}
