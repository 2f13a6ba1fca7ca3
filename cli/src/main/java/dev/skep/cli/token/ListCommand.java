package dev.skep.cli.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.cluster.SuiteApi;
import dev.skep.cli.stack.TaskTable;
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
import picocli.CommandLine.Spec;

/** Lists tokens. */
@Command(
    name = "list",
    aliases = "ls",
    mixinStandardHelpOptions = true,
    description = "List the named tokens, without the tokens themselves.")
final class ListCommand implements Callable<Integer> {
  @Option(names = "--json", description = "as JSON")
  private boolean json;

  @Mixin private SuiteApi tokens;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    List<String> again = new ArrayList<>(List.of("token", "list"));
    if (json) {
      again.add("--json");
    }
    return tokens.run(again, api -> api.get(TokenCommand.PATH), this::tell);
  }

  private void tell(JsonNode list) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(list));
    } else {
      lines(list).forEach(out::println);
    }
  }

  /** A headline, and one line for each token. */
  static List<String> lines(JsonNode list) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("NAME", "ROLE", "CREATED", "BY", "EXPIRES"));
    for (JsonNode token : list) {
      String end = token.path("expiresAt").asText("");
      boolean over = token.path("expired").asBoolean();
      table.add(
          List.of(
              token.path("name").asText(),
              token.path("role").asText(),
              token.path("createdAt").asText(),
              token.path("createdBy").asText(),
              end.isEmpty() ? "never" : over ? end + " (over)" : end));
    }
    return TaskTable.aligned(table);
  }
}
