package dev.skep.runtime.config;

import java.util.List;

/** Configuration that cannot be used. The message lists every problem, one a line. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public ConfigException(List<String> problems) {
    super("configuration:\n  " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Every problem: which variable, what is wrong, what to do. */
  public List<String> problems() {
    return problems;
  }
}
