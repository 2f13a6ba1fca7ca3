package dev.skep.cli.stack;

import dev.skep.cli.CliException;
import dev.skep.cli.DurationOption;
import dev.skep.deployer.apply.Waiting;
import java.io.PrintStream;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long a deployment is waited for, and what is shown meanwhile. */
final class WaitFlags {
  @Mixin private DetachFlag detach;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = DurationOption.class,
      description = "how long to wait for services in all (default: ${DEFAULT-VALUE})")
  private Duration timeout;

  @Option(
      names = {"-q", "--quiet"},
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      defaultValue = "false",
      description = "show no progress, only warnings and what fails")
  private boolean quiet;

  /**
   * As a part of the options.
   *
   * @throws CliException if the time is out of its bounds
   */
  Waiting waiting() {
    try {
      return new Waiting(!detach.given(), timeout);
    } catch (IllegalArgumentException e) {
      throw new CliException("--timeout: " + e.getMessage(), 2);
    }
  }

  /** Where progress is shown, unless none is asked for. */
  Display display(PrintStream out) {
    return quiet ? Display.lines(line -> {}) : Display.on(out);
  }
}
