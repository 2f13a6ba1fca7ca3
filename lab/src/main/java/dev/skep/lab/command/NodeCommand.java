package dev.skep.lab.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "What can happen to a machine.")
final class NodeCommand {
  @Command(mixinStandardHelpOptions = true, description = "Take its power away.")
  void kill(@Mixin LabOptions options, @Parameters(paramLabel = "NODE") String node) {
    options.lab().kill(node);
  }

  @Command(mixinStandardHelpOptions = true, description = "Restart it, running or not.")
  void restart(@Mixin LabOptions options, @Parameters(paramLabel = "NODE") String node) {
    options.lab().restart(node);
  }

  @Command(mixinStandardHelpOptions = true, description = "Freeze it with all that runs on it.")
  void pause(@Mixin LabOptions options, @Parameters(paramLabel = "NODE") String node) {
    options.lab().pause(node);
  }

  @Command(mixinStandardHelpOptions = true, description = "Let a frozen one go on.")
  void unpause(@Mixin LabOptions options, @Parameters(paramLabel = "NODE") String node) {
    options.lab().unpause(node);
  }
}
