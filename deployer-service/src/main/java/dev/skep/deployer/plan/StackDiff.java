package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.ObjectPlan.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** What differs between two versions of a stack, by themselves: no cluster is looked at. */
public final class StackDiff {
  private StackDiff() {}

  /** The plan's form: created is what only {@code to} has, removed what only {@code from} has. */
  public static StackPlan between(String stack, StackObjects from, StackObjects to) {
    List<ObjectPlan> plans = new ArrayList<>();
    diff("network", from.networks(), to.networks(), StackDiff::network, plans);
    diff("secret", from.secrets(), to.secrets(), (a, b) -> file("secret", a, b), plans);
    diff("config", from.configs(), to.configs(), (a, b) -> file("config", a, b), plans);
    diff("service", from.services(), to.services(), StackDiff::service, plans);
    return new StackPlan(stack, plans, List.of());
  }

  private static void diff(
      String kind,
      List<ObjectNode> from,
      List<ObjectNode> to,
      BiFunction<ObjectNode, ObjectNode, ObjectPlan> both,
      List<ObjectPlan> plans) {
    Map<String, ObjectNode> had = byName(from);
    Map<String, ObjectNode> gets = byName(to);
    Set<String> names = new TreeSet<>(had.keySet());
    names.addAll(gets.keySet());
    for (String name : names) {
      if (!had.containsKey(name)) {
        plans.add(ObjectPlan.plain(kind, name, Action.CREATE));
      } else if (!gets.containsKey(name)) {
        plans.add(ObjectPlan.plain(kind, name, Action.REMOVE));
      } else {
        plans.add(both.apply(had.get(name), gets.get(name)));
      }
    }
  }

  private static ObjectPlan network(ObjectNode from, ObjectNode to) {
    String note = "its definition differs; networks that exist are never changed";
    return plan("network", to, List.of(), from.equals(to) ? "" : note);
  }

  private static ObjectPlan file(String kind, ObjectNode from, ObjectNode to) {
    List<FieldChange> labels = FieldDiff.labels(from, to);
    boolean sameContent =
        from.path("Data").equals(to.path("Data"))
            && from.path("Driver").equals(to.path("Driver"))
            && from.path("Templating").equals(to.path("Templating"));
    return plan(kind, to, labels, sameContent ? "" : "its content differs");
  }

  private static ObjectPlan service(ObjectNode from, ObjectNode to) {
    return plan("service", to, FieldDiff.service(from, to, Map.of()), "");
  }

  private static ObjectPlan plan(
      String kind, JsonNode object, List<FieldChange> fields, String note) {
    String name = object.path("Name").asText();
    return fields.isEmpty() && note.isEmpty()
        ? ObjectPlan.plain(kind, name, Action.KEEP)
        : new ObjectPlan(kind, name, Action.CHANGE, false, "", fields, note);
  }

  private static Map<String, ObjectNode> byName(List<ObjectNode> objects) {
    Map<String, ObjectNode> result = new TreeMap<>();
    objects.forEach(o -> result.put(o.path("Name").asText(), o));
    return result;
  }
}
