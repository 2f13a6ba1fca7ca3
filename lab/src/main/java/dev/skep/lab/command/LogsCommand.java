package dev.skep.lab.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "Show the log of a node's Engine.")
final class LogsCommand implements Callable<Integer> {
  @Mixin LabOptions options;

  @Option(
      names = {"-f", "--follow"},
      description = "go on as it grows")
  private boolean follow;

  @Option(
      names = {"-n", "--tail"},
      paramLabel = "LINES",
      description = "the last lines only")
  private Integer tail;

  @Parameters(paramLabel = "NODE")
  private String node;

  @Override
  public Integer call() {
    List<String> arguments = new ArrayList<>();
    if (follow) {
      arguments.add("--follow");
    }
    if (tail != null) {
      arguments.add("--tail=" + tail);
    }
    return options.lab().logs(node, arguments);
  }
}
