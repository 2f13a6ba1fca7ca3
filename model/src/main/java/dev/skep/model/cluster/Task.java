package dev.skep.model.cluster;

import java.time.Instant;
import java.util.List;

/**
 * One container that Swarm runs, or wants to run.
 *
 * @param slot of a replicated service; 0 for a global one
 * @param nodeId null until it is placed
 * @param state where it is
 * @param desired where Swarm wants it; anything beyond RUNNING means that it is to end
 * @param ready whether it may be sent requests: it runs, is wanted, its health check (if any)
 *     passes, and its node is heard from
 * @param error the Engine's word on a failure; "" if none
 * @param exitCode of an ended container; null while there is none
 * @param containerId null until there is one
 * @param addresses one per network it joins, in the Engine's order; known before it runs
 * @param since when the Engine gave it its present state
 * @param version the Engine's Version.Index
 */
public record Task(
    String id,
    String serviceId,
    int slot,
    String nodeId,
    State state,
    State desired,
    boolean ready,
    String message,
    String error,
    Integer exitCode,
    String containerId,
    String image,
    List<Address> addresses,
    Instant createdAt,
    Instant since,
    long version) {

  /** The Engine's task states, in the order of a task's life. */
  public enum State {
    NEW,
    ALLOCATED,
    PENDING,
    ASSIGNED,
    ACCEPTED,
    PREPARING,
    READY,
    STARTING,
    RUNNING,
    COMPLETE,
    SHUTDOWN,
    FAILED,
    REJECTED,
    REMOVE,
    ORPHANED,
    UNKNOWN;

    /** Whether nothing follows. */
    public boolean terminal() {
      return compareTo(RUNNING) > 0 && this != UNKNOWN;
    }
  }

  /**
   * Where a task is reached on one network.
   *
   * @param ip without the prefix length
   */
  public record Address(String networkId, String ip) {}

  public Task {
    addresses = addresses == null ? List.of() : List.copyOf(addresses);
    message = message == null ? "" : message;
    error = error == null ? "" : error;
  }

  /** This task as Swarm wants it from now on; not ready if it is to end. */
  public Task withDesired(State newDesired) {
    boolean stays = newDesired.compareTo(State.RUNNING) <= 0;
    return new Task(
        id,
        serviceId,
        slot,
        nodeId,
        state,
        newDesired,
        ready && stays,
        message,
        error,
        exitCode,
        containerId,
        image,
        addresses,
        createdAt,
        since,
        version);
  }

  /** This task with another word on whether it may be sent requests. */
  public Task withReady(boolean newReady) {
    return newReady == ready
        ? this
        : new Task(
            id,
            serviceId,
            slot,
            nodeId,
            state,
            desired,
            newReady,
            message,
            error,
            exitCode,
            containerId,
            image,
            addresses,
            createdAt,
            since,
            version);
  }

  /** Whether Swarm wants this task to run on. */
  public boolean wanted() {
    return desired.compareTo(State.RUNNING) <= 0;
  }

  /** Whether it is on its way out, by its own end or by Swarm's wish. */
  public boolean leaving() {
    return !wanted() || state.terminal();
  }
}
