package dev.skep.deployer.heal;

import dev.skep.deployer.apply.Heal;
import dev.skep.deployer.plan.Drift;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;

/** What is done about drift. */
public sealed interface Decision {
  /** The pause before the second restoration of the same. */
  Duration FIRST_PAUSE = Duration.ofMinutes(1);

  /** The longest pause. */
  Duration LONGEST_PAUSE = Duration.ofHours(1);

  /** What has stayed as it was restored for so long counts as new when it changes again. */
  Duration FORGOTTEN_AFTER = Duration.ofHours(2);

  /** It is told only. */
  record Report(String why) implements Decision {}

  /**
   * It was restored before and has come again: somebody, or something, changes it. Or it could not
   * be restored.
   *
   * @param attempt which restoration of the same the next one is, from 2
   */
  record Pause(Instant until, int attempt) implements Decision {}

  /**
   * It is restored now.
   *
   * @param attempt which restoration of the same this is, from 1
   */
  record Restore(int attempt) implements Decision {}

  /**
   * Decides.
   *
   * @param drift none only if the last restoration failed for another reason
   * @param own whether the deployer itself is a part of the stack
   * @param last the newest restoration, if nothing was deployed since
   */
  static Decision of(Drift drift, Heal heal, boolean own, Optional<PastHeal> last, Instant now) {
    if (heal == Heal.REPORT) {
      return new Report("deploy the stack again to restore it");
    }
    if (own) {
      return new Report(
          "deploy the stack again to restore it: a stack that the deployer is a part of is not"
              + " restored by itself");
    }
    if (last.isEmpty() || !again(drift, last.get(), now)) {
      return new Restore(1);
    }
    int attempt = last.get().attempt() + 1;
    Instant due = last.get().at().plus(pause(attempt));
    return due.isAfter(now) ? new Pause(due, attempt) : new Restore(attempt);
  }

  private static boolean again(Drift drift, PastHeal last, Instant now) {
    boolean same = last.failed() || !Collections.disjoint(drift.keys(), last.keys());
    return same && last.at().plus(FORGOTTEN_AFTER).isAfter(now);
  }

  /** The pause before a restoration of the same: none before the first one. */
  static Duration pause(int attempt) {
    if (attempt < 2) {
      return Duration.ZERO;
    }
    // Beyond 2^6 minutes it is the longest one in any case.
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(6, attempt - 2));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }
}
