package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.up.Preflight;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.task.TaskList;
import dev.skep.deployer.task.TaskRow;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import dev.skep.model.Json;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists a stack's tasks. */
@Command(
    name = "ps",
    mixinStandardHelpOptions = true,
    description = {
      "List a stack's tasks: those that run or should, and of each slot the newest that failed."
    })
final class PsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", converter = StackName.class, description = "the stack's name")
  private String name;

  @Option(names = "--all", description = "with all tasks that were, as far as Swarm keeps them")
  private boolean all;

  @Option(names = "--no-trunc", description = "with the tasks' ids and the images' digests")
  private boolean full;

  @Option(names = "--json", description = "as JSON")
  private boolean json;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() throws Exception {
    try (EngineClient client = engine.connect()) {
      Preflight.manager(client);
      List<TaskRow> rows = rows(client, name, all);
      if (json) {
        ArrayNode array = Json.mapper().createArrayNode();
        rows.forEach(row -> array.add(row.toJson()));
        System.out.println(
            Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(array));
      } else {
        TaskTable.lines(rows, full, Instant.now()).forEach(System.out::println);
      }
    }
    return 0;
  }

  /** The tasks that are listed of a stack. */
  static List<TaskRow> rows(EngineClient engine, String stack, boolean all) {
    StackServices services = services(engine, stack);
    JsonNode tasks = engine.tasks(Filters.of("service", services.namesById().keySet()));
    List<TaskRow> rows =
        TaskList.of(tasks, services.namesById(), TaskList.hostnames(engine.nodes()));
    return all ? rows : TaskList.currentAndFailed(rows, services.replicas());
  }

  /** The services of a stack. */
  static StackServices services(EngineClient engine, String stack) {
    // Of all stacks, for the error that names them.
    return StackServices.of(stack, engine.services(false, Filters.of("label", Namespace.LABEL)));
  }
}
