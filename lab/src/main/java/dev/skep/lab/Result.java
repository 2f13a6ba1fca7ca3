package dev.skep.lab;

/**
 * How a command ended.
 *
 * @param exit its exit code
 * @param out what it wrote to standard output, whole
 * @param err what it wrote to standard error, whole
 */
public record Result(int exit, String out, String err) {
  /** Whether it ended with 0. */
  public boolean ok() {
    return exit == 0;
  }

  /** Its output without blanks around it. */
  public String text() {
    return out.strip();
  }

  /** What it says about its failure: the last line of standard error. */
  public String reason() {
    String[] lines = (err.isBlank() ? out : err).strip().split("\n", -1);
    return lines[lines.length - 1];
  }
}
