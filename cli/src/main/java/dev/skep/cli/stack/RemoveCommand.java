package dev.skep.cli.stack;

import dev.skep.cli.ApiClient;
import dev.skep.cli.cluster.ClusterSession;
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

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "the stacks' names")
  private List<String> names;

  @Option(
      names = "--forget",
      description = "keep no revision of them either: they cannot be brought back by rollback")
  private boolean forget;

  @Mixin private Target target;

  @Override
  public Integer call() throws Exception {
    int worst = 0;
    for (String name : names) {
      int code = target.go(removal(name));
      if (code == 0) {
        System.out.println("removed " + name);
      }
      worst = Math.max(worst, code);
    }
    return worst;
  }

  private Target.Visitor removal(String name) {
    return new Target.Visitor() {
      @Override
      public int inside(ThroughCluster cluster, ClusterSession session) throws Exception {
        return cluster.remove(session, name, forget);
      }

      @Override
      public int api(ApiClient api) throws Exception {
        new Submission(api, System.out::println).remove(name, Submission.newId(), forget, PATIENCE);
        return 0;
      }

      @Override
      public int engine(EngineClient engine) {
        StackFiles.remove(engine, name, System.out::println);
        if (forget) {
          StackFiles.direct(engine).forget(name);
        }
        return 0;
      }
    };
  }
}
