package dev.skep.lab.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "What can happen to a node's Engine.")
final class EngineCommand {
  @Command(mixinStandardHelpOptions = true, description = "Restart dockerd on a node.")
  void restart(
      @Mixin LabOptions options,
      @Option(names = "--kill", description = "by SIGKILL, as a crash") boolean kill,
      @Parameters(paramLabel = "NODE") String node) {
    options.lab().restartEngine(node, kill ? "KILL" : "TERM");
  }
}
