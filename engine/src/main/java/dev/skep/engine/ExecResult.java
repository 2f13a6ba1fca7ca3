package dev.skep.engine;

/**
 * What a command in a container left.
 *
 * @param exitCode its exit code
 * @param stdout what it wrote, as UTF-8, cut at 4 MiB
 * @param stderr what it wrote, as UTF-8, cut at 4 MiB
 */
public record ExecResult(int exitCode, String stdout, String stderr) {
  /** Whether it ended with 0. */
  public boolean ok() {
    return exitCode == 0;
  }
}
