package dev.skep.deployer.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One task, as it is listed.
 *
 * @param service the service's full name
 * @param slot counted from 1; 0 for a task of a global service
 * @param nodeId "" if no node was found
 * @param node the node's hostname; "" if no node was found, its id if that node is gone
 * @param image with its digest, if the spec has one
 * @param created null if the Engine does not say
 * @param since when it came to its state; null if the Engine does not say
 * @param error in plain words; "" for none
 * @param exitCode the container's; 0 if it did not end, or there is none
 */
public record TaskRow(
    String id,
    String service,
    long slot,
    String nodeId,
    String node,
    String image,
    String desired,
    String state,
    Instant created,
    Instant since,
    String error,
    int exitCode) {
  private static final Set<String> FAILED = Set.of("failed", "rejected", "orphaned");
  private static final Set<String> ENDED =
      Set.of("complete", "shutdown", "failed", "rejected", "remove", "orphaned");

  /** Reads a task. */
  public static TaskRow of(JsonNode task, String service, String node) {
    JsonNode status = task.path("Status");
    return new TaskRow(
        task.path("ID").asText(),
        service,
        task.path("Slot").asLong(),
        task.path("NodeID").asText(""),
        node,
        task.path("Spec").path("ContainerSpec").path("Image").asText(),
        task.path("DesiredState").asText(),
        status.path("State").asText(),
        time(task.path("CreatedAt")),
        time(status.path("Timestamp")),
        TaskErrors.of(status),
        TaskErrors.exitCode(status));
  }

  /**
   * The same row for who keeps thousands: most of their texts are the same.
   *
   * @param one gives one object for all texts that are equal
   */
  public TaskRow sharing(UnaryOperator<String> one) {
    return new TaskRow(
        id,
        one.apply(service),
        slot,
        one.apply(nodeId),
        one.apply(node),
        one.apply(image),
        one.apply(desired),
        one.apply(state),
        created,
        since,
        one.apply(error),
        exitCode);
  }

  private static Instant time(JsonNode text) {
    try {
      return Instant.parse(text.asText());
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** Whether it is meant to run: now, or until its work is done. */
  public boolean current() {
    return switch (desired) {
      case "shutdown", "remove" -> false;
      case "complete" -> !ended();
      default -> true;
    };
  }

  /** Whether it came to nothing. */
  public boolean failed() {
    return FAILED.contains(state);
  }

  /** Whether no container of it is or will be there. */
  public boolean ended() {
    return ENDED.contains(state);
  }

  /** Whether its container runs. */
  public boolean running() {
    return state.equals("running");
  }

  /** {@code service.slot}, or {@code service.node} for a global service. */
  public String name() {
    return service + "." + (slot > 0 ? Long.toString(slot) : node);
  }

  /** What takes its place has the same one. */
  public String place() {
    return service + "." + (slot > 0 ? Long.toString(slot) : "node " + nodeId);
  }

  public ObjectNode toJson() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("id", id).put("name", name()).put("service", service);
    json.put("slot", slot > 0 ? slot : null);
    json.put("node", node).put("nodeId", nodeId).put("image", image);
    json.put("desiredState", desired).put("state", state);
    json.put("since", since == null ? null : since.toString());
    return json.put("error", error).put("exitCode", exitCode);
  }
}
