package dev.skep.monitor.page;

import dev.skep.model.edge.Rule;
import java.util.List;
import java.util.stream.Collectors;

/** A rule as it is written in labels. */
final class RuleText {
  private RuleText() {}

  static String of(Rule rule) {
    return switch (rule) {
      case null -> "";
      case Rule.Host(String name) -> "Host(`" + name + "`)";
      case Rule.PathPrefix(String prefix) -> "PathPrefix(`" + prefix + "`)";
      case Rule.And(List<Rule> rules) -> joined(rules, " && ");
      case Rule.Or(List<Rule> rules) -> joined(rules, " || ");
    };
  }

  private static String joined(List<Rule> rules, String operator) {
    return rules.stream()
        .map(r -> r instanceof Rule.Or || r instanceof Rule.And ? "(" + of(r) + ")" : of(r))
        .collect(Collectors.joining(operator));
  }
}
