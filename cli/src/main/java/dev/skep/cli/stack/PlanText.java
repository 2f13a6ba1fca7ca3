package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.skep.deployer.plan.FieldChange;
import dev.skep.deployer.plan.ObjectPlan;
import dev.skep.deployer.plan.ObjectPlan.Action;
import dev.skep.deployer.plan.StackPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A plan for people: a line for each object that is not just kept, its fields, and the sum. */
final class PlanText {
  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String YELLOW = "33";

  private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]+");
  private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{12})[0-9a-f]{52}");

  private final boolean coloured;

  PlanText(boolean coloured) {
    this.coloured = coloured;
  }

  /** The lines, without their ends. */
  List<String> lines(StackPlan plan) {
    List<String> lines = new ArrayList<>();
    for (ObjectPlan object : plan.objects()) {
      if (object.action() != Action.KEEP) {
        lines.add(head(object));
        object.fields().forEach(f -> lines.add(field(f)));
        if (!object.note().isEmpty()) {
          lines.add("    " + object.note());
        }
      }
    }
    lines.add(summary(plan));
    return lines;
  }

  /** What differs between two revisions, which no deployment would do by itself. */
  List<String> difference(StackPlan diff) {
    List<String> lines = new ArrayList<>(lines(diff));
    lines.removeLast();
    lines.add(
        "diff: %d added, %d changed, %d removed, %d the same"
            .formatted(
                diff.count(Action.CREATE),
                diff.count(Action.CHANGE),
                diff.count(Action.REMOVE),
                diff.count(Action.KEEP)));
    return lines;
  }

  private String head(ObjectPlan object) {
    String what = object.kind() + " " + object.name();
    return switch (object.action()) {
      case CREATE -> sign("+", GREEN) + what;
      case CHANGE -> sign("~", YELLOW) + what + (object.restarts() ? " (restarts its tasks)" : "");
      case ADOPT -> sign("~", YELLOW) + what + " (made by another tool)";
      case REPLACE -> sign("-/+", YELLOW) + what + " (as " + object.becomes() + ")";
      case HOLD -> sign("!", YELLOW) + what + " (held; --include-held changes it)";
      case REMOVE -> sign("-", RED) + what;
      case KEEP -> sign("=", GREEN) + what;
    };
  }

  private String sign(String sign, String colour) {
    return coloured ? "\u001b[" + colour + "m" + sign + "\u001b[0m " : sign + " ";
  }

  private static String field(FieldChange field) {
    return "    %s: %s -> %s"
        .formatted(value(TextNode.valueOf(field.path())), value(field.from()), value(field.to()));
  }

  /** Whatever is in a value, it neither breaks the line nor reaches the terminal as a command. */
  private static String value(JsonNode value) {
    if (value == null) {
      return "(none)";
    }
    String text = value.isTextual() ? value.asText() : value.toString();
    String shown = PLAIN.matcher(text).matches() || !value.isTextual() ? text : value.toString();
    return visible(DIGEST.matcher(shown).replaceAll("sha256:$1"));
  }

  /** A text without what a terminal would take for a command. */
  static String visible(String text) {
    StringBuilder result = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                result.append("\\u%04x".formatted(c));
              } else {
                result.appendCodePoint(c);
              }
            });
    return result.toString();
  }

  private static String summary(StackPlan plan) {
    String restarts =
        plan.restarts() == 0
            ? ""
            : " (%d restart%s tasks)".formatted(plan.restarts(), plan.restarts() == 1 ? "s" : "");
    return "plan: %d to create, %d to change%s%s, %d to remove, %d unchanged%s"
        .formatted(
            plan.count(Action.CREATE),
            plan.count(Action.CHANGE) + plan.count(Action.ADOPT),
            restarts,
            some(plan, Action.REPLACE, "to replace"),
            plan.count(Action.REMOVE),
            plan.count(Action.KEEP),
            some(plan, Action.HOLD, "held"));
  }

  private static String some(StackPlan plan, Action action, String what) {
    return plan.count(action) == 0 ? "" : ", " + plan.count(action) + " " + what;
  }
}
