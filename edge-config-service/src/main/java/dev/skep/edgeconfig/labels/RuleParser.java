package dev.skep.edgeconfig.labels;

import dev.skep.model.edge.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads rules in Traefik v3's syntax. Matcher names are taken in any letter case; a matcher takes
 * one value, as in Traefik v3, which refuses v2's Host(`a`,`b`) too.
 */
public final class RuleParser {
  /** Longer rules are refused: the text is shown in conditions and rendered on every edge. */
  public static final int LONGEST = 8192;

  private static final List<String> SUPPORTED = List.of("Host", "PathPrefix");
  private static final List<String> NOT_YET =
      List.of(
          "ClientIP",
          "Header",
          "HeaderRegexp",
          "HostRegexp",
          "Method",
          "Path",
          "PathRegexp",
          "Query",
          "QueryRegexp",
          // v2's names, which v3 has renamed
          "Headers",
          "HeadersRegexp",
          "HostHeader",
          // of TCP routers
          "ALPN",
          "HostSNI",
          "HostSNIRegexp");

  private RuleParser() {}

  /**
   * The rule that {@code text} says, its values validated.
   *
   * @throws LabelException InvalidRule with the position, UnsupportedMatcher or UnknownMatcher with
   *     its name, InvalidValue or UnsupportedWildcard with the value, or RuleTooComplex
   */
  public static Rule parse(String text) throws LabelException {
    if (text.length() > LONGEST) {
      throw new LabelException(
          Reason.RULE_TOO_COMPLEX,
          "the rule has %d characters, at most %d are read".formatted(text.length(), LONGEST));
    }
    return rule(RuleGrammar.parse(text));
  }

  private static Rule rule(RuleSyntax syntax) throws LabelException {
    return switch (syntax) {
      case RuleSyntax.Call call -> call(call);
      case RuleSyntax.All(List<RuleSyntax> rules) -> new Rule.And(rules(rules, Rule.And.class));
      case RuleSyntax.Any(List<RuleSyntax> rules) -> new Rule.Or(rules(rules, Rule.Or.class));
      case RuleSyntax.Not not ->
          throw new LabelException(
              Reason.UNSUPPORTED_MATCHER,
              "at position %d: ! (not) is not supported yet".formatted(not.position()));
    };
  }

  /** Parentheses that change nothing are dropped: a && (b && c) is one And of three. */
  private static List<Rule> rules(List<RuleSyntax> syntax, Class<? extends Rule> same)
      throws LabelException {
    List<Rule> rules = new ArrayList<>();
    for (RuleSyntax s : syntax) {
      Rule rule = rule(s);
      if (!same.isInstance(rule)) {
        rules.add(rule);
      } else if (rule instanceof Rule.And(List<Rule> inner)) {
        rules.addAll(inner);
      } else if (rule instanceof Rule.Or(List<Rule> inner)) {
        rules.addAll(inner);
      }
    }
    return rules;
  }

  private static Rule call(RuleSyntax.Call call) throws LabelException {
    return switch (call.matcher().toLowerCase(Locale.ROOT)) {
      case "host" -> new Rule.Host(HostName.of(single(call)));
      case "pathprefix" -> new Rule.PathPrefix(PathValue.of(single(call)));
      default -> throw unsupported(call);
    };
  }

  private static String single(RuleSyntax.Call call) throws LabelException {
    String name = call.matcher();
    if (call.values().size() == 1) {
      return call.values().getFirst();
    }
    String hint =
        call.values().isEmpty()
            ? "write " + name + "(`value`)"
            : "write "
                + String.join(" || ", call.values().stream().map(v -> shown(name, v)).toList());
    throw new LabelException(
        Reason.INVALID_RULE,
        "at position %d: %s takes one value, as in Traefik v3, and has %d: %s"
            .formatted(call.position(), name, call.values().size(), hint));
  }

  private static String shown(String matcher, String value) {
    String quoted = Quoted.of(value);
    return matcher + "(`" + quoted.substring(1, quoted.length() - 1) + "`)";
  }

  private static LabelException unsupported(RuleSyntax.Call call) {
    for (String known : NOT_YET) {
      if (known.equalsIgnoreCase(call.matcher())) {
        return new LabelException(
            Reason.UNSUPPORTED_MATCHER,
            "at position %d: %s is not supported yet; supported are %s"
                .formatted(call.position(), known, String.join(", ", SUPPORTED)));
      }
    }
    List<String> all = new ArrayList<>(SUPPORTED);
    all.addAll(NOT_YET);
    return new LabelException(
        Reason.UNKNOWN_MATCHER,
        "at position %d: there is no matcher %s%s"
            .formatted(
                call.position(), Quoted.of(call.matcher()), Suggestion.hint(call.matcher(), all)));
  }
}
