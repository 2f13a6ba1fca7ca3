package dev.skep.edgeconfig.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skep.model.edge.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleParserTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "Host(`a.org`) | Host[name=a.org]",
        "Host(\"a.org\") | Host[name=a.org]",
        "HOST(`A.Org`) | Host[name=a.org]",
        "host( `a.org.` ) | Host[name=a.org]",
        "Host(`bücher.example`) | Host[name=xn--bcher-kva.example]",
        "Host(`10.0.0.7`) | Host[name=10.0.0.7]",
        "PathPrefix(`/Api/v1`) | PathPrefix[prefix=/Api/v1]",
        "pathprefix(`/%7Euser/a:b@c`) | PathPrefix[prefix=/%7Euser/a:b@c]",
        "(((Host(`a`)))) | Host[name=a]",
      })
  void aMatcherIsReadInAnyCaseAndQuotes(String text, String expected) throws LabelException {
    Rule rule = RuleParser.parse(text);
    assertThat(rule).hasToString(expected);
  }

  @Test
  void andBindsTighterThanOr() throws LabelException {
    Rule rule = RuleParser.parse("Host(`a`) || Host(`b`) && PathPrefix(`/x`)");
    assertThat(rule).isEqualTo(or(host("a"), and(host("b"), path("/x"))));
  }

  @Test
  void parenthesesBindTightest() throws LabelException {
    Rule rule = RuleParser.parse("(Host(`a`) || Host(`b`)) && PathPrefix(`/x`)");
    assertThat(rule).isEqualTo(and(or(host("a"), host("b")), path("/x")));
  }

  @Test
  void parenthesesThatChangeNothingLeaveNoTrace() throws LabelException {
    Rule rule = RuleParser.parse("Host(`a`) || (Host(`b`) || Host(`c`))");
    assertThat(rule).isEqualTo(or(host("a"), host("b"), host("c")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "#Host(`a`#                     | InvalidRule | position 9",
        "#Host(`a`))#                   | InvalidRule | position 10",
        "#Host(`a`) & Host(`b`)#        | InvalidRule | position 11",
        "#Host(`a`) Host(`b`)#          | InvalidRule | position 11",
        "#Host(`a#                      | InvalidRule | position 6",
        "#Host('a')#                    | InvalidRule | single quote",
        "#Host(a)#                      | InvalidRule | position 6",
        "#Host(`a`) &&#                 | InvalidRule | the end of the rule",
        "#&& Host(`a`)#                 | InvalidRule | position 1",
        "#Host(`a`) = 1#                | InvalidRule | position 11",
        "#Host()#                       | InvalidRule | takes one value",
        "#Host(`a`,`b`)#                | InvalidRule | Host(`a`) #|#| Host(`b`)",
        "#Host(\"a\\\"b\")#             | InvalidRule | backslash",
        "#Host#                         | InvalidRule | expected (",
        "#()#                           | InvalidRule | position 2",
        "#!Host(`a`)#                   | UnsupportedMatcher | not",
        "#Host(`a`) && Method(`GET`)#   | UnsupportedMatcher | Method",
        "#Header(`X-A`, `b`)#           | UnsupportedMatcher | Header",
        "#HostRegexp(`.+`)#             | UnsupportedMatcher | HostRegexp",
        "#path(`/x`)#                   | UnsupportedMatcher | Path",
        "#HostSNI(`*`)#                 | UnsupportedMatcher | HostSNI",
        "#Hots(`a`)#                    | UnknownMatcher | did you mean Host",
        "#PathPrefx(`/a`)#              | UnknownMatcher | did you mean PathPrefix",
        "#Frobnicate(`a`)#              | UnknownMatcher | no matcher",
        "#Host(`*.a.org`)#              | UnsupportedWildcard | wildcard",
        "#Host(`a b`)#                  | InvalidValue | space",
        "#Host(`a'b`)#                  | InvalidValue | quote",
        "#Host(`a\"b`)#                 | InvalidValue | quote",
        "#Host(`a.org:8080`)#           | InvalidValue | port",
        "#Host(``)#                     | InvalidValue | empty",
        "#Host(`.`)#                    | InvalidValue | valid name",
        "#Host(`a..b`)#                 | InvalidValue | valid name",
        "#Host(`-a.org`)#               | InvalidValue | valid name",
        "#Host(`a_b.org`)#              | InvalidValue | valid name",
        "#Host(`a/b`)#                  | InvalidValue | valid name",
        "#PathPrefix(`x`)#              | InvalidValue | start with a slash",
        "#PathPrefix(``)#               | InvalidValue | start with a slash",
        "#PathPrefix(`/a b`)#           | InvalidValue | percent-encoded",
        "#PathPrefix(`/a\"`)#           | InvalidValue | percent-encoded",
        "#PathPrefix(`/ä`)#             | InvalidValue | percent-encoded",
        "#PathPrefix(`/a%2`)#           | InvalidValue | percent-encoded",
        "#PathPrefix(`/a?b`)#           | InvalidValue | percent-encoded",
        "#PathPrefix(`/a\\b`)#          | InvalidValue | percent-encoded",
        "#PathPrefix(`/{id}`)#          | InvalidValue | brace",
      })
  void whatCannotBeHonouredIsRefusedWithReasonAndPlace(String text, String reason, String part) {
    LabelException e = catchThrowableOfType(LabelException.class, () -> RuleParser.parse(text));
    assertThat(e.problem().reason().word()).isEqualTo(reason);
    assertThat(e.problem().message()).contains(part.replace("#", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Host(`a\nb`)", "Host(`a\rb`)", "Host(`a\u0000b`)", "PathPrefix(`/a\nb`)"})
  void lineBreaksAndControlCharactersNeverPass(String text) {
    LabelException e = catchThrowableOfType(LabelException.class, () -> RuleParser.parse(text));
    assertThat(e.problem().reason()).isEqualTo(Reason.INVALID_VALUE);
    assertThat(e.problem().message()).doesNotContain("\n", "\r", "\u0000");
  }

  @Test
  void tooDeepNestingIsRefusedBeforeTheStackIsAtItsEnd() {
    String text = "(".repeat(4000) + "Host(`a`)" + ")".repeat(4000);
    LabelException e = catchThrowableOfType(LabelException.class, () -> RuleParser.parse(text));
    assertThat(e.problem().reason()).isEqualTo(Reason.RULE_TOO_COMPLEX);
  }

  @Test
  void tooLongRulesAreRefused() {
    String text = "Host(`a`)" + " ".repeat(RuleParser.LONGEST);
    LabelException e = catchThrowableOfType(LabelException.class, () -> RuleParser.parse(text));
    assertThat(e.problem().reason()).isEqualTo(Reason.RULE_TOO_COMPLEX);
  }

  @Test
  @DisplayName("every rule that can be written is read as it was meant")
  void rulesSurviveBeingWrittenAndRead() throws LabelException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      Rule meant = rule(random, 4, null);
      String text = RuleText.write(meant, random);
      assertThat(RuleParser.parse(text)).as("seed %d, rule %s", seed, text).isEqualTo(meant);
    }
  }

  @Test
  void noTextMakesTheParserFailOtherwiseThanWithAReason() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String alphabet = "Host(`a`)|&!,\"' \n\\x.PathPrefix/*é\uD800";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(40);
      for (int j = 0; j < length; j++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Object result;
      try {
        result = RuleParser.parse(text.toString());
      } catch (LabelException e) {
        result = e.problem().message();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", text " + text, e);
      }
      assertThat(result).as("seed %d, text %s", seed, text).isNotNull();
    }
  }

  /** No And directly in an And, nor Or in Or: those are flattened when read. */
  private static Rule rule(Random random, int depth, Class<?> not) {
    int kind = depth == 0 ? random.nextInt(2) : random.nextInt(4);
    if (kind == 0) {
      return host("h" + random.nextInt(100) + ".example");
    }
    if (kind == 1) {
      return path("/p" + random.nextInt(100));
    }
    Class<?> type = kind == 2 ? Rule.And.class : Rule.Or.class;
    if (type == not) {
      return host("plain.example");
    }
    List<Rule> rules = new ArrayList<>();
    int count = 2 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      rules.add(rule(random, depth - 1, type));
    }
    return type == Rule.And.class ? new Rule.And(rules) : new Rule.Or(rules);
  }

  private static Rule host(String name) {
    return new Rule.Host(name);
  }

  private static Rule path(String prefix) {
    return new Rule.PathPrefix(prefix);
  }

  private static Rule and(Rule... rules) {
    return new Rule.And(List.of(rules));
  }

  private static Rule or(Rule... rules) {
    return new Rule.Or(List.of(rules));
  }
}
