package dev.skep.inventory.ledger;

import dev.skep.model.cluster.Observation;
import java.time.Instant;

/**
 * What a node's agent has seen of one task, which is one container: Swarm never starts a task's
 * container again.
 *
 * @param phase how far it got
 * @param exitCode null while it has not ended
 * @param since when it got there, by its node's clock
 */
record Sight(Phase phase, String containerId, Integer exitCode, Instant since) {
  /** Where a container is, as far as serving goes. */
  enum Phase {
    /** It runs; whether it can serve is for its health check to say. */
    STARTED,
    /** It runs, and there is no health check or it passes. */
    SERVING,
    /** Its health check fails. */
    UNHEALTHY,
    /** It was told to end. */
    ENDING,
    ENDED
  }

  /**
   * What follows from one more observation of the same container. An end is final: what was seen
   * before it may arrive late, but never what comes after.
   *
   * @param before null if nothing was seen yet
   * @return null if nothing is known still
   */
  static Sight next(Sight before, Observation seen) {
    Phase phase = phase(seen);
    if (phase == null) {
      return before;
    }
    if (before != null && before.phase().compareTo(Phase.ENDING) >= 0) {
      boolean further = phase.compareTo(before.phase()) > 0;
      return further ? of(phase, seen) : before;
    }
    // A late start must not hide that the health check has passed or failed since.
    if (before != null && seen.kind() == Observation.Kind.START) {
      return before;
    }
    return of(phase, seen);
  }

  private static Sight of(Phase phase, Observation seen) {
    return new Sight(phase, seen.containerId(), seen.exitCode(), seen.time());
  }

  private static Phase phase(Observation seen) {
    return switch (seen.kind()) {
      case START -> Boolean.FALSE.equals(seen.healthcheck()) ? Phase.SERVING : Phase.STARTED;
      case HEALTHY -> Phase.SERVING;
      case UNHEALTHY -> Phase.UNHEALTHY;
      case KILL -> Phase.ENDING;
      case DIE -> Phase.ENDED;
      // The kernel may have ended one process of many; if it was the main one, its end follows.
      case OOM, BEAT, BYE -> null;
    };
  }
}
