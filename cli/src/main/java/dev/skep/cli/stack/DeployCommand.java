package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.cluster.ClusterSession;
import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.Heal;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.state.Origin;
import dev.skep.deployer.state.StackBody;
import dev.skep.engine.EngineClient;
import dev.skep.model.stack.Revision.Source;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Deploys through the suite where it runs, else straight to the Engine. */
@Command(
    name = "deploy",
    mixinStandardHelpOptions = true,
    description = {
      "Create or update a stack.",
      "Through the suite if it runs on the cluster or on this machine, else straight to the Engine."
    })
final class DeployCommand implements Callable<Integer> {
  @Mixin private StackCommand.FileOptions options;
  @Mixin private ApplyFlags flags;
  @Mixin private WaitFlags waits;
  @Mixin private Target target;

  @Option(
      names = "--rollback-on-failure",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      defaultValue = "false",
      description = "if it fails, take the whole stack back to its last good revision")
  private boolean rollbackOnFailure;

  @Option(
      names = "--heal",
      paramLabel = "report|restore",
      defaultValue = "report",
      description = {
        "what the suite does when others change the stack's services: tell it,",
        "or set them back, too (default: ${DEFAULT-VALUE})"
      })
  private Heal heal;

  @Override
  public Integer call() throws Exception {
    String name = options.name();
    Source source = StackFiles.source(options.files());
    StackObjects objects = StackFiles.convert(name, options.files(), System.err::println);
    ApplyOptions how =
        flags
            .options(objects, System.err::println)
            .rollingBackOnFailure(rollbackOnFailure)
            .with(waits.waiting())
            .with(heal);
    Duration patience = how.waiting().timeout().plus(Submission.MORE);
    return target.go(
        new Target.Visitor() {
          @Override
          public int inside(ThroughCluster cluster, ClusterSession session) throws Exception {
            JsonNode body = StackFiles.body(objects, how, source);
            try (Interruption _ = Interruption.throughSuite(name)) {
              return cluster.deploy(session, name, body, patience, waits.display(System.out));
            }
          }

          @Override
          public int api(ApiClient api) throws Exception {
            JsonNode body = StackFiles.body(objects, how, source);
            try (Interruption _ = Interruption.throughSuite(name)) {
              new Submission(api, waits.display(System.out))
                  .deploy(name, Submission.newId(), body, patience);
            }
            return 0;
          }

          @Override
          public int engine(EngineClient engine) {
            StackBody body = new StackBody(name, objects, how, Origin.of(source));
            StackFiles.deploy(engine, body, waits.display(System.out).listener());
            return 0;
          }
        });
  }
}
