package dev.skep.edgeconfig.labels;

/**
 * A word of a rule.
 *
 * @param text a name, or a string's content without its quotes
 * @param position of its first character, from 1
 */
record RuleToken(Kind kind, String text, int position) {
  enum Kind {
    NAME("a matcher"),
    STRING("a value"),
    OPEN("("),
    CLOSE(")"),
    COMMA(","),
    AND("&&"),
    OR("||"),
    NOT("!"),
    END("the end of the rule");

    final String shown;

    Kind(String shown) {
      this.shown = shown;
    }
  }

  String shown() {
    return kind == Kind.NAME || kind == Kind.STRING ? Quoted.of(text) : kind.shown;
  }
}
