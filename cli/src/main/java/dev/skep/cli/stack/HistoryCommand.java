package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.cli.cluster.ClusterSession;
import dev.skep.deployer.revision.RevisionText;
import dev.skep.engine.EngineClient;
import dev.skep.model.Json;
import dev.skep.model.stack.Revision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists a stack's revisions, from where its deployments keep them. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = {
      "List a stack's revisions, newest first, with those that can be gone back to.",
      "From the suite if it runs on the cluster or on this machine, else from the Engine."
    })
final class HistoryCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", converter = StackName.class, description = "the stack's name")
  private String name;

  @Option(names = "--json", description = "as JSON")
  private boolean json;

  @Mixin private Target target;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    return target.go(
        new Target.Visitor() {
          @Override
          public int inside(ThroughCluster cluster, ClusterSession session) throws Exception {
            // Written here, where the clock on the wall is the reader's.
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            int code = cluster.read(session, printed, List.of("stack", "history", name, "--json"));
            return code == 0 ? show(Json.mapper().readTree(printed.toByteArray())) : code;
          }

          @Override
          public int api(ApiClient api) throws Exception {
            ApiClient.Answer answer = api.get("/api/stacks/" + name + "/revisions");
            if (!answer.ok()) {
              throw new CliException(answer.problem());
            }
            return show(answer.body());
          }

          @Override
          public int engine(EngineClient engine) throws Exception {
            List<Revision> revisions = StackFiles.direct(engine).history(name);
            if (revisions.isEmpty()) {
              throw new CliException("no revision of stack '%s' is kept".formatted(name));
            }
            return show(RevisionText.list(revisions));
          }
        });
  }

  private int show(JsonNode list) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(list));
    } else {
      List<Revision> revisions = new ArrayList<>();
      for (JsonNode one : list) {
        revisions.add(Json.mapper().treeToValue(one, Revision.class));
      }
      HistoryTable.lines(revisions, ZoneId.systemDefault()).forEach(out::println);
    }
    return 0;
  }
}
