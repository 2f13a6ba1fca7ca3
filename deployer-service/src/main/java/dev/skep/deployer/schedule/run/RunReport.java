package dev.skep.deployer.schedule.run;

import java.time.Instant;

/**
 * What came of one moment of a schedule.
 *
 * @param scheduled the moment
 * @param at when it was acted upon; for a run that an earlier process began, the moment itself
 * @param ended when the run ended; null if it did not, or there was none
 * @param message why it was left out or failed; "" otherwise
 */
record RunReport(Instant scheduled, Instant at, Instant ended, Result result, String message) {

  /** What came of it. */
  enum Result {
    RUNNING,
    SUCCEEDED,
    FAILED,
    /** It went on when the next one began, and was ended for it. */
    REPLACED,
    /** The last run went on. */
    SKIPPED,
    /** Nobody could act in time. */
    MISSED,
    /** Nothing of it is left to tell by: it was run by an earlier process, long ago. */
    UNKNOWN
  }

  static RunReport begun(Instant scheduled, Instant at) {
    return new RunReport(scheduled, at, null, Result.RUNNING, "");
  }

  static RunReport leftOut(Instant scheduled, Instant at, Result result, String why) {
    return new RunReport(scheduled, at, null, result, why);
  }

  RunReport ended(Instant when, Result how, String why) {
    return new RunReport(scheduled, at, when, how, why);
  }

  boolean running() {
    return result == Result.RUNNING;
  }
}
