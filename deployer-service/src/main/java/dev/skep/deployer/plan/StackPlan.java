package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.plan.ObjectPlan.Action;
import java.util.List;

/**
 * What a deployment would do, as long as nobody else changes the cluster meanwhile.
 *
 * @param objects in the order of networks, secrets, configs, services; by name
 * @param warnings what would go on without, or be refused by the Engine
 */
public record StackPlan(String stack, List<ObjectPlan> objects, List<String> warnings) {
  public StackPlan {
    objects = List.copyOf(objects);
    warnings = List.copyOf(warnings);
  }

  /** Whether a deployment would change anything. */
  public boolean changes() {
    return objects.stream().anyMatch(ObjectPlan::changes);
  }

  /** How many objects an action is for. */
  public long count(Action action) {
    return objects.stream().filter(o -> o.action() == action).count();
  }

  /** How many services' tasks are replaced. */
  public long restarts() {
    return objects.stream().filter(ObjectPlan::restarts).count();
  }

  /** A document that docs/compose.md describes; what is in it stays, more may be added. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("stack", stack).put("changes", changes());
    json.putObject("summary")
        .put("create", count(Action.CREATE))
        .put("change", count(Action.CHANGE) + count(Action.ADOPT))
        .put("restart", restarts())
        .put("replace", count(Action.REPLACE))
        .put("remove", count(Action.REMOVE))
        .put("hold", count(Action.HOLD))
        .put("keep", count(Action.KEEP));
    json.putArray("objects").addAll(objects.stream().map(ObjectPlan::toJson).toList());
    warnings.forEach(json.putArray("warnings")::add);
    return json;
  }

  /** Reads what {@link #toJson} wrote. */
  public static StackPlan fromJson(JsonNode json) {
    return new StackPlan(
        json.path("stack").asText(),
        json.path("objects").valueStream().map(ObjectPlan::fromJson).toList(),
        json.path("warnings").valueStream().map(JsonNode::asText).toList());
  }
}
