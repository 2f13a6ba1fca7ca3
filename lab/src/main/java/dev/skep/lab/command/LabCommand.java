package dev.skep.lab.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Spec;

/** Everything about the lab. */
@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    description = "A real Swarm of several nodes on this machine, to try things on.",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      EnvCommand.class,
      ExecCommand.class,
      LogsCommand.class,
      PushCommand.class,
      NodeCommand.class,
      PartitionCommand.class,
      HealCommand.class,
      EngineCommand.class
    })
public final class LabCommand implements Runnable {
  @Spec CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
