package dev.skep.deployer.schedule;

import java.time.ZoneId;

/**
 * When and how a service is run.
 *
 * @param expression as it was written
 * @param enabled whether it runs at all
 * @param replicas how many tasks a run of a replicated service has; 0 if no label says it
 */
public record Schedule(
    String expression,
    ZoneId zone,
    Times times,
    Concurrency concurrency,
    Missed missed,
    boolean enabled,
    int replicas) {

  /** What to do when the last run still goes on. */
  public enum Concurrency {
    /** Leave the new one out. */
    SKIP,
    /** End the old one: a service has one run at a time, and Swarm ends what a new one replaces. */
    REPLACE
  }

  /** What to do about a moment that passed while nobody could act. */
  public enum Missed {
    /** Leave it out. */
    SKIP,
    /** Run once, however many moments passed. */
    RUN
  }
}
