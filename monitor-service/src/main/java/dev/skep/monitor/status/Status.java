package dev.skep.monitor.status;

import dev.skep.monitor.cluster.Quorum;
import java.time.Instant;
import java.util.List;

/**
 * The cluster in brief: how much there is of everything, and everything that is not as it should
 * be. The lists are empty when all is well.
 *
 * @param time when this was drawn up
 * @param revision of the snapshot; grows with each change
 * @param verdict the worst of what follows
 * @param stale parts of which this is not the present state
 * @param edges all of them
 */
public record Status(
    Instant time,
    long revision,
    Verdict verdict,
    Quorum quorum,
    Counts counts,
    List<Part> stale,
    List<NodeProblem> nodesNotReady,
    List<ServiceProblem> servicesUnhealthy,
    List<Problem> routesNotAccepted,
    List<Problem> certificatesNotReady,
    List<Problem> stacksNotApplied,
    List<EdgeState> edges) {

  /** How it stands with the cluster. */
  public enum Verdict {
    /** Everything is as it should be. */
    OK,
    /** Something is not, but the cluster can be changed and edges serve. */
    DEGRADED,
    /** The managers have no quorum, or what is shown is out of date. */
    CRITICAL
  }

  /**
   * How much there is.
   *
   * @param tasksDesired of services whose tasks do not end by design
   * @param tasksRunning effectively: on nodes that are not down
   */
  public record Counts(
      int nodes,
      int nodesReady,
      int services,
      int servicesHealthy,
      long tasksDesired,
      long tasksRunning,
      int routes,
      int routesAccepted,
      int certificates,
      int certificatesReady,
      int stacks,
      int stacksApplied,
      int edges,
      int edgesReady) {}

  /** A node that cannot serve. */
  public record NodeProblem(String id, String hostname, String state) {}

  /**
   * A service that lacks something.
   *
   * @param running tasks on nodes that are not down
   * @param unplaceable tasks that no node can take
   * @param update the state of its last update; null if it was never updated
   */
  public record ServiceProblem(
      String id, String name, int desired, int running, long unplaceable, String update) {}

  /**
   * Something whose condition does not hold.
   *
   * @param subject the service a route belongs to; null for others
   */
  public record Problem(String id, String subject, String reason, String message) {}

  /**
   * An edge.
   *
   * @param lag records that it has not applied yet
   * @param refused how many entries it left out
   * @param since when it applied its revision; null if unknown
   */
  public record EdgeState(
      String edge,
      String proxy,
      boolean ready,
      String reason,
      String message,
      long lag,
      int refused,
      Instant since) {}
}
