package dev.skep.edgeconfig.labels;

import dev.skep.edgeconfig.labels.RuleToken.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts a rule's text into words. */
final class RuleLexer {
  private final String text;
  private int at;

  private RuleLexer(String text) {
    this.text = text;
  }

  /** The rule's words, an END last. */
  static List<RuleToken> words(String text) throws LabelException {
    RuleLexer lexer = new RuleLexer(text);
    List<RuleToken> words = new ArrayList<>();
    RuleToken word;
    do {
      word = lexer.next();
      words.add(word);
    } while (word.kind() != Kind.END);
    return words;
  }

  private RuleToken next() throws LabelException {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (at == text.length()) {
      return new RuleToken(Kind.END, "", at + 1);
    }
    char c = text.charAt(at);
    return switch (c) {
      case '(' -> single(Kind.OPEN);
      case ')' -> single(Kind.CLOSE);
      case ',' -> single(Kind.COMMA);
      case '!' -> single(Kind.NOT);
      case '&' -> twice(Kind.AND, c);
      case '|' -> twice(Kind.OR, c);
      case '`', '"' -> string(c);
      case '\'' -> throw error(at, "a single quote: put values in backticks, as in Host(`a`)");
      default -> name();
    };
  }

  private RuleToken single(Kind kind) {
    return new RuleToken(kind, "", ++at);
  }

  private RuleToken twice(Kind kind, char c) throws LabelException {
    if (at + 1 >= text.length() || text.charAt(at + 1) != c) {
      throw error(at, "a single " + c + ": write " + kind.shown);
    }
    at += 2;
    return new RuleToken(kind, "", at - 1);
  }

  private RuleToken string(char quote) throws LabelException {
    int start = at;
    int end = text.indexOf(quote, start + 1);
    if (end < 0) {
      throw error(start, "a value whose closing " + quote + " is missing");
    }
    String value = text.substring(start + 1, end);
    if (quote == '"' && value.indexOf('\\') >= 0) {
      throw error(start, "a value with a backslash: put it in backticks, without escapes");
    }
    at = end + 1;
    return new RuleToken(Kind.STRING, value, start + 1);
  }

  private RuleToken name() throws LabelException {
    int start = at;
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw error(start, "unexpected " + Quoted.of(text.substring(start, start + 1)));
    }
    return new RuleToken(Kind.NAME, text.substring(start, at), start + 1);
  }

  private static boolean isNamePart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  private static LabelException error(int index, String what) {
    return new LabelException(Reason.INVALID_RULE, "at position " + (index + 1) + ": " + what);
  }
}
