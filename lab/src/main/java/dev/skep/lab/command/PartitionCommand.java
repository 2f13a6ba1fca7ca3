package dev.skep.lab.command;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "partition",
    mixinStandardHelpOptions = true,
    description = "Cut nodes off from every machine but each other, until heal.")
final class PartitionCommand implements Runnable {
  @Mixin LabOptions options;

  @Parameters(paramLabel = "NODE[,NODE]", split = ",", arity = "1..*")
  private List<String> nodes;

  @Override
  public void run() {
    options.lab().partition(nodes.toArray(String[]::new));
  }
}
