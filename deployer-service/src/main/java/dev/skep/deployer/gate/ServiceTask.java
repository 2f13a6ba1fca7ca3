package dev.skep.deployer.gate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.task.TaskRow;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What is kept of a task: nothing of the tree that the Engine lists, which has its whole spec and
 * networks. A stack may have tens of thousands.
 *
 * @param row names the node by its id
 * @param iteration the job's iteration that it is of; 0 if its service is no job
 * @param ofSpec whether its spec is the service's present one, but for the placement
 */
public record ServiceTask(TaskRow row, long iteration, boolean ofSpec) {
  private static final String PLACEMENT = "Placement";

  /**
   * Reads a task.
   *
   * @param service its service, as the Engine lists it
   * @param one gives one object for all texts that are equal
   */
  public static ServiceTask of(JsonNode service, JsonNode task, UnaryOperator<String> one) {
    JsonNode spec = service.path("Spec");
    String node = task.path("NodeID").asText("");
    return new ServiceTask(
        TaskRow.of(task, spec.path("Name").asText(), node).sharing(one),
        task.path("JobIteration").path("Index").asLong(),
        sameButPlacement(spec.path("TaskTemplate"), task.path("Spec")));
  }

  /** Swarm leaves tasks where they are if they are there rightly: placement says nothing. */
  private static boolean sameButPlacement(JsonNode a, JsonNode b) {
    return fields(a) == fields(b)
        && a.properties().stream()
            .filter(field -> !field.getKey().equals(PLACEMENT))
            .allMatch(field -> same(field, b));
  }

  private static boolean same(Map.Entry<String, JsonNode> field, JsonNode other) {
    return field.getValue().equals(other.get(field.getKey()));
  }

  private static int fields(JsonNode spec) {
    return spec.size() - (spec.has(PLACEMENT) ? 1 : 0);
  }
}
