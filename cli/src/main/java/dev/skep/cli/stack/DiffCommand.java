package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.cli.cluster.ClusterSession;
import dev.skep.deployer.plan.StackPlan;
import dev.skep.engine.EngineClient;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what differs between two revisions of a stack. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Tell what differs between two revisions of a stack, secrets masked.",
      "Ends with 0 if nothing does, with 2 if something does, with 1 on an error."
    })
final class DiffCommand implements Callable<Integer> {
  private static final int DIFFERS = 2;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      converter = StackName.class,
      description = "the stack's name")
  private String name;

  @Parameters(index = "1", paramLabel = "REV", description = "a revision, as history lists them")
  private long from;

  @Parameters(index = "2", paramLabel = "REV", description = "another")
  private long to;

  @Option(names = "--json", description = "as one JSON document")
  private boolean json;

  @Mixin private Target target;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    return target.go(
        new Target.Visitor() {
          @Override
          public int inside(ThroughCluster cluster, ClusterSession session) throws Exception {
            List<String> command = new ArrayList<>(List.of("stack", "diff", name));
            command.addAll(List.of(Long.toString(from), Long.toString(to)));
            if (json) {
              command.add("--json");
            }
            return cluster.read(session, command);
          }

          @Override
          public int api(ApiClient api) throws Exception {
            ApiClient.Answer answer =
                api.get("/api/stacks/%s/revisions/%d/diff/%d".formatted(name, from, to));
            if (!answer.ok()) {
              throw new CliException(answer.problem());
            }
            return show(answer.body());
          }

          @Override
          public int engine(EngineClient engine) throws Exception {
            return show(StackFiles.direct(engine).diff(name, from, to).toJson());
          }
        });
  }

  private int show(JsonNode document) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    StackPlan diff = StackPlan.fromJson(document);
    if (json) {
      out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(document));
    } else {
      new PlanText(PlanCommand.isColoured()).difference(diff).forEach(out::println);
    }
    return diff.changes() ? DIFFERS : 0;
  }
}
