package dev.skep.runtime.life;

/** The process's log: one line per record, to standard error. */
public final class Logging {
  private Logging() {}

  /**
   * Sets it up; call it first. Doing so again changes the level only.
   *
   * @param level {@code ERROR}, {@code WARN}, {@code INFO}, {@code DEBUG} or {@code TRACE}, as
   *     {@code SKEP_LOG_LEVEL} gives it; null: INFO
   */
  public static void configure(String level) {
    throw new UnsupportedOperationException("not yet");
  }
}
