package dev.skep.cli.stack;

import dev.skep.cli.DurationOption;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.up.Preflight;
import dev.skep.engine.EngineClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets how many tasks services run. */
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    description = {
      "Set the number of replicas of a stack's services, and wait until so many run.",
      "Nothing is changed unless everything that is asked for can be."
    })
final class ScaleCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "NAME",
      converter = StackName.class,
      description = "the stack's name")
  private String name;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "SERVICE=N",
      description = "services, with or without the stack's name in front, and their replicas")
  private List<String> requests;

  @Mixin private DetachFlag detach;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "5m",
      converter = DurationOption.class,
      description = "how long to wait (default: ${DEFAULT-VALUE})")
  private Duration timeout;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() throws Exception {
    try (EngineClient client = engine.connect()) {
      Preflight.manager(client);
      List<Scaling> plan = change(client, name, requests, System.out::println);
      if (!detach.given()) {
        new ReplicasWait(client, System.out::println).await(plan, timeout);
      }
    }
    return 0;
  }

  /**
   * Checks all, then changes all.
   *
   * @param tell gets a line for each service
   * @return what was asked for
   */
  static List<Scaling> change(
      EngineClient engine, String stack, List<String> requests, Consumer<String> tell) {
    List<Scaling> plan = Scaling.plan(PsCommand.services(engine, stack), requests);
    ServiceChange change = new ServiceChange(engine);
    for (Scaling scaling : plan) {
      long before = Scaling.replicasOf(change.apply(scaling.id(), scaling::set).path("Spec"));
      tell.accept(
          before == scaling.replicas()
              ? "%s stays at %d".formatted(scaling.service(), before)
              : "%s scaled from %d to %d".formatted(scaling.service(), before, scaling.replicas()));
    }
    return plan;
  }
}
