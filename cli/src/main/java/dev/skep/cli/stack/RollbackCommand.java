package dev.skep.cli.stack;

import dev.skep.cli.ApiClient;
import dev.skep.cli.cluster.ClusterSession;
import dev.skep.engine.EngineClient;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Goes back to an earlier revision, the same way as stacks are deployed. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = {
      "Take a whole stack back to an earlier revision, as a new one, with the images that ran then.",
      "Services that came after it are removed. Through the suite if it runs on the cluster or on",
      "this machine, else straight to the Engine."
    })
final class RollbackCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      converter = StackName.class,
      description = "the stack's name")
  private String name;

  @Parameters(
      index = "1",
      paramLabel = "REV",
      arity = "0..1",
      defaultValue = "0",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "a revision; if none is given, the last good one before the current")
  private long revision;

  @Mixin private Target target;

  @Override
  public Integer call() throws Exception {
    return target.go(
        new Target.Visitor() {
          @Override
          public int inside(ThroughCluster cluster, ClusterSession session) throws Exception {
            try (Interruption _ = Interruption.throughSuite(name)) {
              return cluster.rollback(session, name, revision);
            }
          }

          @Override
          public int api(ApiClient api) throws Exception {
            try (Interruption _ = Interruption.throughSuite(name)) {
              new Submission(api, Display.on(System.out))
                  .rollback(name, Submission.newId(), revision, PATIENCE);
            }
            return 0;
          }

          @Override
          public int engine(EngineClient engine) {
            StackFiles.rollback(engine, name, revision, Display.on(System.out).listener());
            return 0;
          }
        });
  }
}
