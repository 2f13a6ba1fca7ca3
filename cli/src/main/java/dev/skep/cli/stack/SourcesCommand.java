package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists the Git repositories whose stacks are kept applied. */
@Command(
    name = "sources",
    mixinStandardHelpOptions = true,
    description = {
      "List the Git repositories whose stacks are kept applied, and how each of their stacks is.",
      "What is wrong stands below the table."
    })
final class SourcesCommand extends Listing {
  private static final int SHORT_COMMIT = 12;

  @Override
  String path() {
    return "/api/sources";
  }

  @Override
  List<String> table(JsonNode answer) {
    return lines(answer);
  }

  /** A headline, a line for each stack of each source, and what is wrong. */
  static List<String> lines(JsonNode answer) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("SOURCE", "STATE", "REFERENCE", "COMMIT", "STACK", "STACK STATE"));
    List<String> problems = new ArrayList<>();
    answer.path("problems").forEach(p -> problems.add(problem(p)));
    for (JsonNode source : answer.path("sources")) {
      String name = source.path("name").asText();
      source.path("problems").forEach(p -> problems.add(name + ": " + problem(p)));
      String reporting = source.path("reporting").asText();
      if (!reporting.isEmpty()) {
        problems.add(name + ": " + reporting);
      }
      if (source.path("stacks").isEmpty()) {
        table.add(row(source, "-", "-"));
      }
      for (JsonNode stack : source.path("stacks")) {
        table.add(row(source, cell(stack.path("name")), cell(stack.path("state"))));
        String of = "%s, stack %s: ".formatted(name, stack.path("name").asText());
        stack.path("problems").forEach(p -> problems.add(of + problem(p)));
        stack.path("warnings").forEach(p -> problems.add(of + problem(p)));
      }
    }
    List<String> lines = new ArrayList<>(TaskTable.aligned(table));
    lines.addAll(problems);
    return lines;
  }

  private static List<String> row(JsonNode source, String stack, String state) {
    String commit = cell(source.path("seenCommit"));
    return List.of(
        cell(source.path("name")),
        cell(source.path("state")),
        cell(source.path("reference")),
        commit.substring(0, Math.min(commit.length(), SHORT_COMMIT)),
        stack,
        state);
  }
}
