package dev.skep.cli;

import dev.skep.cli.cluster.ExportCommand;
import dev.skep.cli.cluster.ImportCommand;
import dev.skep.cli.cluster.InitCommand;
import dev.skep.cli.cluster.KafkaInitCommand;
import dev.skep.cli.cluster.PurgeVolumesCommand;
import dev.skep.cli.cluster.UninstallCommand;
import dev.skep.cli.edge.EdgeCommand;
import dev.skep.cli.inventory.InventoryCommand;
import dev.skep.cli.stack.StackCommand;
import dev.skep.cli.up.DownCommand;
import dev.skep.cli.up.RunCommand;
import dev.skep.cli.up.StatusCommand;
import dev.skep.cli.up.UpCommand;
import dev.skep.lab.command.LabCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Spec;

/** The {@code skep} command. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not running. */
@Command(
    name = "skep",
    mixinStandardHelpOptions = true,
    version = "skep 0.1.0",
    description = "The control plane that Docker Swarm never had.",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      InitCommand.class,
      UninstallCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      AdoptCommand.class,
      KeysCommand.class,
      StackCommand.class,
      EdgeCommand.class,
      InventoryCommand.class,
      KafkaInitCommand.class,
      PurgeVolumesCommand.class,
      LabCommand.class,
      RunCommand.class
    })
public final class Main implements Runnable {
  @Spec CommandLine.Model.CommandSpec spec;

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /** Runs a command. */
  static int execute(String... args) {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(Main::failed)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(args);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (e instanceof CliException known) {
      err.println("skep: " + known.getMessage());
      return known.exitCode();
    }
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      err.println("skep: interrupted");
      return 130;
    }
    err.println("skep: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
    if (System.getenv("SKEP_DEBUG") != null) {
      e.printStackTrace(err);
    }
    return 1;
  }
}
