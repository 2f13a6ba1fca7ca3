package dev.skep.lab.command;

import dev.skep.lab.Lab;
import java.util.List;
import java.util.function.BiConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "What can happen to machines; to several at once.")
final class NodeCommand {
  private static final String NODES = "NODE[,NODE]";

  @Command(mixinStandardHelpOptions = true, description = "Take their power away.")
  void kill(
      @Mixin LabOptions options,
      @Parameters(paramLabel = NODES, split = ",", arity = "1..*") List<String> nodes) {
    each(options, nodes, Lab::kill);
  }

  @Command(mixinStandardHelpOptions = true, description = "Restart them, running or not.")
  void restart(
      @Mixin LabOptions options,
      @Parameters(paramLabel = NODES, split = ",", arity = "1..*") List<String> nodes) {
    each(options, nodes, Lab::restart);
  }

  @Command(mixinStandardHelpOptions = true, description = "Freeze them with all that runs on them.")
  void pause(
      @Mixin LabOptions options,
      @Parameters(paramLabel = NODES, split = ",", arity = "1..*") List<String> nodes) {
    each(options, nodes, Lab::pause);
  }

  @Command(mixinStandardHelpOptions = true, description = "Let frozen ones go on.")
  void unpause(
      @Mixin LabOptions options,
      @Parameters(paramLabel = NODES, split = ",", arity = "1..*") List<String> nodes) {
    each(options, nodes, Lab::unpause);
  }

  private static void each(
      LabOptions options, List<String> nodes, BiConsumer<Lab, String> command) {
    Lab lab = options.lab();
    // All names first: nothing is done to any if one is wrong.
    nodes.forEach(lab::dockerHost);
    lab.each(nodes, command);
  }
}
