package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What a deployment would do with one object.
 *
 * @param kind network, secret, config or service
 * @param name in the cluster; of a secret or config, the one that a file gives it
 * @param action what would be done
 * @param restarts whether Swarm replaces the service's tasks; false for all but a changed service
 * @param becomes the name of the new object where a secret or config is replaced; else ""
 * @param fields what differs; none for what is made, removed or kept
 * @param note what else is to be known; "" for nothing
 */
public record ObjectPlan(
    String kind,
    String name,
    Action action,
    boolean restarts,
    String becomes,
    List<FieldChange> fields,
    String note) {

  /** What would be done. */
  public enum Action {
    CREATE,
    CHANGE,
    /** A secret or config whose content is another: a new object, and the old one stays. */
    REPLACE,
    /** A secret that another tool made: it is kept if its content is the same, else replaced. */
    ADOPT,
    /** Left as it is though it differs, because it is updated only when that is asked for. */
    HOLD,
    REMOVE,
    KEEP
  }

  public ObjectPlan {
    fields = List.copyOf(fields);
  }

  static ObjectPlan plain(String kind, String name, Action action) {
    return new ObjectPlan(kind, name, action, false, "", List.of(), "");
  }

  /** Whether a deployment would change the cluster for it. */
  public boolean changes() {
    return action != Action.KEEP && action != Action.HOLD;
  }

  /** The form that {@link StackPlan#toJson} lists. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", kind).put("name", name);
    json.put("action", action.name().toLowerCase(Locale.ROOT));
    json.put("restarts", restarts).put("becomes", becomes.isEmpty() ? null : becomes);
    fields.forEach(f -> json.withArray("fields").add(f.toJson()));
    json.withArray("fields");
    return json.put("note", note);
  }

  static ObjectPlan fromJson(JsonNode json) {
    return new ObjectPlan(
        json.path("kind").asText(),
        json.path("name").asText(),
        Action.valueOf(json.path("action").asText().toUpperCase(Locale.ROOT)),
        json.path("restarts").asBoolean(),
        json.path("becomes").asText(""),
        json.path("fields").valueStream().map(FieldChange::fromJson).toList(),
        json.path("note").asText());
  }
}
