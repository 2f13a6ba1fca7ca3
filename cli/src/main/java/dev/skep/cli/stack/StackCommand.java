package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.skep.cli.CliException;
import dev.skep.cli.EngineOptions;
import dev.skep.engine.EngineClient;
import dev.skep.model.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code skep stack}: compose files to services. */
@Command(
    name = "stack",
    mixinStandardHelpOptions = true,
    description = "Deploy and look at stacks.",
    subcommands = {
      StackCommand.Convert.class,
      PlanCommand.class,
      DeployCommand.class,
      StackCommand.ListStacks.class,
      PsCommand.class,
      LogsCommand.class,
      ScaleCommand.class,
      RestartCommand.class,
      HistoryCommand.class,
      DiffCommand.class,
      RollbackCommand.class,
      SourcesCommand.class,
      ImagesCommand.class,
      SchedulesCommand.class,
      RemoveCommand.class,
      SubmitCommand.class
    })
public final class StackCommand {
  private static final String NAMESPACE = "com.docker.stack.namespace";

  /** Where stack files come from: {@code -c FILE -c FILE NAME} or {@code -c FILE FILE NAME}. */
  static final class FileOptions {
    @Option(
        names = {"-c", "--compose-file"},
        required = true,
        split = ",",
        paramLabel = "FILE",
        description = "compose file; several are merged in order, - is standard input")
    private List<Path> files;

    @Parameters(
        paramLabel = "[FILE...] NAME",
        arity = "1..*",
        description = "the stack's name, after further compose files")
    private List<String> rest;

    String name() {
      return rest.getLast();
    }

    List<Path> files() {
      return Stream.concat(files.stream(), rest.subList(0, rest.size() - 1).stream().map(Path::of))
          .toList();
    }
  }

  /** Prints what would be sent to the Engine; needs none. */
  @Command(
      name = "convert",
      mixinStandardHelpOptions = true,
      description = "Print the Engine objects of a compose file, names in place of ids.")
  static final class Convert implements Callable<Integer> {
    @Mixin FileOptions options;

    /** There is one form only; scripts that name it go on when there are others. */
    @Option(names = "--json", description = "as JSON (the default)")
    void json(boolean wanted) {
      if (!wanted) {
        throw new CliException("stack convert prints JSON only", 2);
      }
    }

    @Override
    public Integer call() throws Exception {
      JsonNode objects =
          StackFiles.convert(options.name(), options.files(), System.err::println).toJson();
      System.out.println(
          Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(objects));
      return 0;
    }
  }

  /** Lists the stacks that are on the cluster. */
  @Command(name = "ls", mixinStandardHelpOptions = true, description = "List stacks.")
  static final class ListStacks implements Callable<Integer> {
    @Mixin EngineOptions engine;

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    @Override
    public Integer call() throws Exception {
      Map<String, Integer> services = new TreeMap<>();
      try (EngineClient client = engine.connect()) {
        for (JsonNode service : client.services(false)) {
          String stack = service.path("Spec").path("Labels").path(NAMESPACE).asText();
          if (!stack.isEmpty()) {
            services.merge(stack, 1, Integer::sum);
          }
        }
      }
      if (json) {
        System.out.println(
            Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(list(services)));
      } else {
        lines(services).forEach(System.out::println);
      }
      return 0;
    }

    private static ArrayNode list(Map<String, Integer> services) {
      ArrayNode list = Json.mapper().createArrayNode();
      services.forEach((name, n) -> list.addObject().put("name", name).put("services", n));
      return list;
    }

    private static List<String> lines(Map<String, Integer> services) {
      List<List<String>> table = new ArrayList<>();
      table.add(List.of("NAME", "SERVICES"));
      // The label is anybody's.
      services.forEach((name, n) -> table.add(List.of(PlanText.visible(name), n.toString())));
      return TaskTable.aligned(table);
    }
  }
}
