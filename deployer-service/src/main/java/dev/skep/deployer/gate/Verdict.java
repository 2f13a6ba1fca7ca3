package dev.skep.deployer.gate;

/** What is to be thought of a service that is waited for. */
public sealed interface Verdict {
  /** How far it is. */
  Standing standing();

  /** It may still come about. */
  record Waiting(Standing standing) implements Verdict {}

  /** It is as it should be, and stayed so for long enough. */
  record Settled(Standing standing) implements Verdict {}

  /**
   * It will not come about by itself.
   *
   * @param why in words, but for the tasks' own errors
   */
  record Failed(Standing standing, String why) implements Verdict {}
}
