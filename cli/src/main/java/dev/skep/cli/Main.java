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
import dev.skep.cli.token.TokenCommand;
import dev.skep.cli.up.DownCommand;
import dev.skep.cli.up.RunCommand;
import dev.skep.cli.up.StatusCommand;
import dev.skep.cli.up.UpCommand;
import dev.skep.lab.command.LabCommand;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Spec;

/** The {@code skep} command. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not running. */
@Command(
    name = "skep",
    mixinStandardHelpOptions = true,
    version = "skep 0.1.0",
    description = "The control plane that Docker Swarm never had.")
public final class Main implements Runnable {
  /** By name, in the order of the help. */
  static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("up", UpCommand.class);
    COMMANDS.put("down", DownCommand.class);
    COMMANDS.put("status", StatusCommand.class);
    COMMANDS.put("init", InitCommand.class);
    COMMANDS.put("uninstall", UninstallCommand.class);
    COMMANDS.put("export", ExportCommand.class);
    COMMANDS.put("import", ImportCommand.class);
    COMMANDS.put("adopt", AdoptCommand.class);
    COMMANDS.put("keys", KeysCommand.class);
    COMMANDS.put("stack", StackCommand.class);
    COMMANDS.put("token", TokenCommand.class);
    COMMANDS.put("edge", EdgeCommand.class);
    COMMANDS.put("inventory", InventoryCommand.class);
    COMMANDS.put("kafka-init", KafkaInitCommand.class);
    COMMANDS.put("purge-volumes", PurgeVolumesCommand.class);
    COMMANDS.put("lab", LabCommand.class);
    COMMANDS.put("run", RunCommand.class);
    COMMANDS.put("train", TrainCommand.class);
  }

  @Spec CommandLine.Model.CommandSpec spec;

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /** Runs a command. */
  static int execute(String... args) {
    CommandLine skep = new CommandLine(new Main());
    commandsFor(args).forEach(skep::addSubcommand);
    return skep.setExecutionExceptionHandler(Main::failed)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(args);
  }

  /**
   * Only the one that is named, if one is: reading how the others are used costs more than most.
   */
  static Map<String, Class<?>> commandsFor(String... args) {
    Class<?> named = args.length == 0 ? null : COMMANDS.get(args[0]);
    return named == null ? COMMANDS : Map.of(args[0], named);
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
