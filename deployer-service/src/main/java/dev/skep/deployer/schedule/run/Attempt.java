package dev.skep.deployer.schedule.run;

import dev.skep.deployer.schedule.RunState;

/** What came of trying to run a service for one moment. */
sealed interface Attempt {
  /**
   * It runs.
   *
   * @param before how far the run before had come
   */
  record Started(RunState before) implements Attempt {}

  /** It was run for this moment before, or for a later one: by another, or unheard. */
  record Done() implements Attempt {}

  /** It was left out. */
  record Skipped(String why) implements Attempt {}
}
