package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.cluster.SuiteApi;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that tells what the suite's deployer knows, as a table or as JSON. */
abstract class Listing implements Callable<Integer> {
  @Option(names = "--json", description = "as JSON")
  private boolean json;

  @Mixin private SuiteApi suite;

  @Spec private CommandSpec spec;

  /** What the API has it by. */
  abstract String path();

  /** The API's answer as people read it. */
  abstract List<String> table(JsonNode answer);

  @Override
  public final Integer call() throws Exception {
    List<String> again = new ArrayList<>(List.of("stack", spec.name()));
    if (json) {
      again.add("--json");
    }
    return suite.run(again, api -> api.get(path()), this::tell);
  }

  private void tell(JsonNode answer) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(answer));
    } else {
      table(answer).forEach(out::println);
    }
  }

  /** A cell: a dash for what there is not. */
  static String cell(JsonNode value) {
    String text = value.asText("");
    return text.isEmpty() ? "-" : text;
  }

  /** A problem of a file of a repository, or of a declaration, in one line. */
  static String problem(JsonNode problem) {
    StringBuilder line = new StringBuilder();
    if (!problem.path("file").asText().isEmpty()) {
      line.append(
          "%s:%d:%d: "
              .formatted(
                  problem.path("file").asText(),
                  problem.path("line").asInt(),
                  problem.path("column").asInt()));
    }
    String where = problem.path("where").asText();
    return line.append(where.isEmpty() ? "" : where + ": ")
        .append(problem.path("message").asText())
        .toString();
  }
}
