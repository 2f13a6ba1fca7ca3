package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.cli.cluster.ClusterSession;
import dev.skep.deployer.apply.ApplyResult;
import dev.skep.engine.EngineClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes stacks, the same way as they are deployed. */
@Command(
    name = "rm",
    mixinStandardHelpOptions = true,
    description = {
      "Remove stacks.",
      "Through the suite if it runs on the cluster or on this machine, else straight from the Engine."
    })
final class RemoveCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Parameters(
      paramLabel = "NAME",
      arity = "1..*",
      converter = StackName.class,
      description = "the stacks' names")
  private List<String> names;

  @Option(
      names = "--forget",
      description = "keep no revision of them either: they cannot be brought back by rollback")
  private boolean forget;

  @Mixin private Target target;

  /** One that cannot be removed keeps no other from being removed. */
  @Override
  public Integer call() throws Exception {
    int worst = 0;
    for (String name : names) {
      try {
        worst = Math.max(worst, target.go(removal(name)));
      } catch (CliException e) {
        System.err.println("skep: " + e.getMessage());
        worst = Math.max(worst, e.exitCode());
      }
    }
    return worst;
  }

  /** What was removed, or, as docker's client does, that there was nothing. */
  static void tell(String name, boolean nothing) {
    if (nothing) {
      System.err.println("nothing found in stack " + name);
    } else {
      System.out.println("removed " + name);
    }
  }

  private Target.Visitor removal(String name) {
    return new Target.Visitor() {
      @Override
      public int inside(ThroughCluster cluster, ClusterSession session) throws Exception {
        // What runs inside tells it.
        return cluster.remove(session, name, forget);
      }

      @Override
      public int api(ApiClient api) throws Exception {
        JsonNode done =
            new Submission(api, Display.lines(System.out::println))
                .remove(name, Submission.newId(), forget, PATIENCE);
        tell(name, done.path("steps").isEmpty());
        return 0;
      }

      @Override
      public int engine(EngineClient engine) {
        ApplyResult result = StackFiles.remove(engine, name, System.out::println);
        int forgotten = forget ? StackFiles.direct(engine).forget(name) : 0;
        tell(name, result.steps().isEmpty() && forgotten == 0);
        return 0;
      }
    };
  }
}
