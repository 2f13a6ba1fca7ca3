package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Names what differs between two specs. Never their values, which may be secret. */
public final class SpecDiff {
  /** Where the interesting fields are; what is below is named by its own name alone. */
  private static final List<String> UNNAMED = List.of("TaskTemplate", "ContainerSpec");

  private SpecDiff() {}

  /** The fields that differ, such as Image, Env, Resources.Limits, sorted. */
  public static List<String> fields(JsonNode live, JsonNode wanted) {
    List<String> result = new ArrayList<>();
    compare("", SpecForm.of(live), SpecForm.of(wanted), 0, result);
    return result;
  }

  private static void compare(
      String path, JsonNode live, JsonNode wanted, int depth, List<String> result) {
    TreeSet<String> keys = new TreeSet<>();
    live.fieldNames().forEachRemaining(keys::add);
    wanted.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      JsonNode a = live.has(key) ? live.get(key) : MissingNode.getInstance();
      JsonNode b = wanted.has(key) ? wanted.get(key) : MissingNode.getInstance();
      if (a.equals(b)) {
        continue;
      }
      if (UNNAMED.contains(key)) {
        compare(path, a, b, depth, result);
      } else if (depth == 0 && a instanceof ObjectNode && b instanceof ObjectNode) {
        compare(path + key + ".", a, b, depth + 1, result);
      } else {
        result.add(path + key);
      }
    }
  }
}
