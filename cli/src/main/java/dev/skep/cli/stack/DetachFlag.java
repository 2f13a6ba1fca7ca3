package dev.skep.cli.stack;

import picocli.CommandLine.Option;

/** {@code -d}: whether a command ends before what it asks for has come about. */
final class DetachFlag {
  @Option(
      names = {"-d", "--detach"},
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      defaultValue = "false",
      description = "end when all is sent, and do not wait until the services run")
  private boolean detach;

  /** Whether it was given, and not as {@code --detach=false}. */
  boolean given() {
    return detach;
  }
}
