package dev.skep.deployer.source.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.source.declare.Policy;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where tasks ask to run. */
final class PlacementRules {
  private static final Pattern CONSTRAINT =
      Pattern.compile("\\s*([^=!\\s]+)\\s*(==|!=)\\s*(.*?)\\s*");

  private PlacementRules() {}

  static void check(JsonNode placement, String service, Policy policy, Refusals refusals) {
    if (policy.managers()) {
      return;
    }
    for (JsonNode constraint : placement.path("Constraints")) {
      Matcher m = CONSTRAINT.matcher(constraint.asText().toLowerCase(Locale.ROOT));
      if (m.matches() && asks(m.group(1), m.group(2).equals("=="), m.group(3))) {
        refusals.add(
            "'%s' asks for managers, or for nodes of the suite".formatted(constraint.asText()),
            "'managers: true'",
            "services",
            service,
            "deploy",
            "placement",
            "constraints");
      }
    }
  }

  private static boolean asks(String key, boolean equal, String value) {
    boolean manager = value.equals("manager");
    return (key.equals("node.role") && equal == manager)
        || (equal && key.startsWith("node.labels.skep."));
  }
}
