package dev.skep.edge.agent;

import java.util.Optional;

/** Asks an HAProxy program whether it would start with a configuration. */
public interface ConfigChecker {
  /** There is no program to ask at the moment. */
  final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says why. */
    public UnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Checks. Blocking, at most some ten seconds.
   *
   * @param file the configuration's path as HAProxy sees it
   * @return empty if it is good, else HAProxy's own words
   */
  Optional<String> check(String file) throws UnavailableException;
}
