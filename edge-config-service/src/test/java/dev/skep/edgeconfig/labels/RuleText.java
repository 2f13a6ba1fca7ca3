package dev.skep.edgeconfig.labels;

import dev.skep.model.edge.Rule;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/** Writes rules as people do: spaces, quotes, letter case and spare parentheses as they come. */
final class RuleText {
  private RuleText() {}

  static String write(Rule rule, Random random) {
    return switch (rule) {
      case Rule.Host(String name) -> call("Host", name, random);
      case Rule.PathPrefix(String prefix) -> call("PathPrefix", prefix, random);
      case Rule.And(List<Rule> rules) ->
          rules.stream()
              .map(r -> r instanceof Rule.Or ? "(" + write(r, random) + ")" : maybe(r, random))
              .collect(Collectors.joining(space(random) + "&&" + space(random)));
      case Rule.Or(List<Rule> rules) ->
          rules.stream()
              .map(r -> maybe(r, random))
              .collect(Collectors.joining(space(random) + "||" + space(random)));
    };
  }

  private static String maybe(Rule rule, Random random) {
    String text = write(rule, random);
    return random.nextInt(4) == 0 ? "(" + space(random) + text + ")" : text;
  }

  private static String call(String matcher, String value, Random random) {
    String name =
        switch (random.nextInt(3)) {
          case 0 -> matcher.toLowerCase(Locale.ROOT);
          case 1 -> matcher.toUpperCase(Locale.ROOT);
          default -> matcher;
        };
    String quote = random.nextBoolean() ? "`" : "\"";
    return name + space(random) + "(" + space(random) + quote + value + quote + ")";
  }

  private static String space(Random random) {
    return " ".repeat(random.nextInt(2));
  }
}
