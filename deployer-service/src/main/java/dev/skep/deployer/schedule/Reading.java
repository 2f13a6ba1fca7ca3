package dev.skep.deployer.schedule;

import java.util.List;

/** What a service's labels say of a schedule. */
public sealed interface Reading {
  /** Nothing. */
  record None() implements Reading {}

  /** A schedule. */
  record Valid(Schedule schedule) implements Reading {}

  /**
   * A schedule that cannot be followed: the service is not run by it.
   *
   * @param problems each names its label and says what to do
   */
  record Invalid(List<String> problems) implements Reading {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
