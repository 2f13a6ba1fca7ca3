package dev.skep.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that name where the all-in-one keeps its data. */
public final class StateOptions {
  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      defaultValue = "${env:SKEP_STATE_DIR:-}",
      description = "data, keys and logs (default: /var/lib/skep, or below XDG_STATE_HOME)")
  private String dir;

  /** The directory that was named, or the default one. */
  public StateDir state() {
    return new StateDir(dir == null || dir.isEmpty() ? defaultDir() : absolute(dir));
  }

  private static Path absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize();
  }

  private static Path defaultDir() {
    if ("root".equals(System.getProperty("user.name"))) {
      return Path.of("/var/lib/skep");
    }
    String xdg = System.getenv("XDG_STATE_HOME");
    Path base =
        xdg == null || xdg.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(xdg);
    return base.resolve("skep");
  }
}
