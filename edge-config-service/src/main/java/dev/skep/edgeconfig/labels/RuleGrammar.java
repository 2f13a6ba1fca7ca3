package dev.skep.edgeconfig.labels;

import dev.skep.edgeconfig.labels.RuleToken.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * The grammar of Traefik v3's rules:
 *
 * <pre>
 * any   = all { "||" all }
 * all   = unary { "&amp;&amp;" unary }
 * unary = "!" unary | "(" any ")" | NAME "(" [ STRING { "," STRING } ] ")"
 * </pre>
 */
final class RuleGrammar {
  private static final int DEEPEST = 32;

  private final List<RuleToken> words;
  private int at;
  private int depth;

  private RuleGrammar(List<RuleToken> words) {
    this.words = words;
  }

  static RuleSyntax parse(String text) throws LabelException {
    RuleGrammar grammar = new RuleGrammar(RuleLexer.words(text));
    RuleSyntax rule = grammar.any();
    grammar.expect(Kind.END, "&&, || or the end of the rule");
    return rule;
  }

  private RuleSyntax any() throws LabelException {
    List<RuleSyntax> rules = new ArrayList<>();
    do {
      rules.add(all());
    } while (take(Kind.OR));
    return rules.size() == 1 ? rules.getFirst() : new RuleSyntax.Any(rules);
  }

  private RuleSyntax all() throws LabelException {
    List<RuleSyntax> rules = new ArrayList<>();
    do {
      rules.add(unary());
    } while (take(Kind.AND));
    return rules.size() == 1 ? rules.getFirst() : new RuleSyntax.All(rules);
  }

  private RuleSyntax unary() throws LabelException {
    if (++depth > DEEPEST) {
      throw new LabelException(
          Reason.RULE_TOO_COMPLEX,
          "at position %d: more than %d levels of parentheses"
              .formatted(peek().position(), DEEPEST));
    }
    try {
      RuleToken word = peek();
      if (take(Kind.NOT)) {
        return new RuleSyntax.Not(unary(), word.position());
      }
      if (take(Kind.OPEN)) {
        RuleSyntax rule = any();
        expect(Kind.CLOSE, "&&, || or )");
        return rule;
      }
      expect(Kind.NAME, "a matcher such as Host(`example.org`)");
      return call(word);
    } finally {
      depth--;
    }
  }

  private RuleSyntax call(RuleToken name) throws LabelException {
    expect(Kind.OPEN, "( after " + name.text());
    List<String> values = new ArrayList<>();
    if (!take(Kind.CLOSE)) {
      do {
        values.add(peek().text());
        expect(Kind.STRING, "a value in backticks, as in " + name.text() + "(`value`)");
      } while (take(Kind.COMMA));
      expect(Kind.CLOSE, ", or )");
    }
    return new RuleSyntax.Call(name.text(), List.copyOf(values), name.position());
  }

  private RuleToken peek() {
    return words.get(at);
  }

  private boolean take(Kind kind) {
    if (peek().kind() != kind) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(Kind kind, String expected) throws LabelException {
    if (peek().kind() != kind) {
      throw new LabelException(
          Reason.INVALID_RULE,
          "at position %d: expected %s, found %s"
              .formatted(peek().position(), expected, peek().shown()));
    }
    // END is never passed: it is the word that every later look finds.
    if (kind != Kind.END) {
      at++;
    }
  }
}
