package dev.skep.lab.command;

import java.io.Console;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "exec",
    mixinStandardHelpOptions = true,
    description = "Run a command on a node; its exit code is passed on.")
final class ExecCommand implements Callable<Integer> {
  @Mixin LabOptions options;

  @Parameters(index = "0", paramLabel = "NODE")
  private String node;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND")
  private List<String> command;

  /** The command's own options are not ours. */
  @Spec
  void setSpec(CommandSpec spec) {
    spec.parser().stopAtPositional(true);
  }

  @Override
  public Integer call() {
    return options.lab().execAttached(node, isTerminal(), command);
  }

  /** JDK 25 has no console again where there is no terminal, which the check does not know. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
