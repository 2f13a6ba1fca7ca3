package dev.skep.cli.stack;

import dev.skep.cli.DurationOption;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.up.Preflight;
import dev.skep.engine.EngineClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Restarts a stack's services. */
@Command(
    name = "restart",
    mixinStandardHelpOptions = true,
    description = {
      "Replace the tasks of a stack's services, one service after the other.",
      "Each goes by its own update_config, and is waited for before the next is begun."
    })
final class RestartCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "NAME",
      converter = StackName.class,
      description = "the stack's name")
  private String name;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "SERVICE",
      description = "only these services, with or without the stack's name in front")
  private List<String> services = List.of();

  @Mixin private DetachFlag detach;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "15m",
      converter = DurationOption.class,
      description = "how long to wait for each service (default: ${DEFAULT-VALUE})")
  private Duration timeout;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() throws Exception {
    try (EngineClient client = engine.connect()) {
      Preflight.manager(client);
      StackServices all = PsCommand.services(client, name);
      StackServices plan = Restart.plan(all, services, System.out::println);
      new Restart(client, System.out::println).run(plan, detach.given() ? null : timeout);
    }
    return 0;
  }
}
