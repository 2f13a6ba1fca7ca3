package dev.skep.deployer.compose;

import java.util.Map;
import java.util.Optional;

/**
 * Variables in a value: {@code $V ${V} ${V:-x} ${V-x} ${V:?e} ${V?e}} and {@code $$} for a dollar.
 *
 * <p>As the CLI reads them, with one deviation: defaults may hold variables themselves. Like there,
 * {@code $V-x} without braces is a default, too.
 */
final class Template {
  private final String text;
  private final Map<String, String> variables;
  private int at;

  private Template(String text, Map<String, String> variables) {
    this.text = text;
    this.variables = variables;
  }

  /** What is wrong with a template. */
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }

  /** The text with its variables replaced; an unset one is "". */
  static String fill(String text, Map<String, String> variables) throws Invalid {
    return text.indexOf('$') < 0 ? text : new Template(text, variables).run();
  }

  /** A {@code $V-x} without braces that reads like a suffix but is taken for a default, if any. */
  static Optional<String> suspicious(String text) {
    var m =
        java.util.regex.Pattern.compile("(?<!\\$)(?:\\$\\$)*\\$([A-Za-z_][A-Za-z0-9_]*):?[-?]")
            .matcher(text);
    return m.find() ? Optional.of(m.group(1)) : Optional.empty();
  }

  private String run() throws Invalid {
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != '$') {
        out.append(c);
        at++;
      } else if (next(1) == '$') {
        out.append('$');
        at += 2;
      } else {
        out.append(variable());
      }
    }
    return out.toString();
  }

  private String variable() throws Invalid {
    boolean braced = next(1) == '{';
    int start = at + (braced ? 2 : 1);
    int end = start;
    while (end < text.length() && isName(text.charAt(end), end == start)) {
      end++;
    }
    if (end == start) {
      throw new Invalid("'$' begins a variable: write $$ for a dollar, or ${NAME} for a variable");
    }
    String name = text.substring(start, end);
    at = end;
    String operator = operator();
    at += operator.length();
    String operand = operator.isEmpty() ? "" : operand(braced);
    if (braced) {
      if (next(0) != '}') {
        throw new Invalid(
            "${%s is not closed, or not one of ${V} ${V:-default} ${V-default} ${V:?error} ${V?error}"
                .formatted(name));
      }
      at++;
    }
    return resolve(name, operator, operand);
  }

  private String operator() {
    int skip = next(0) == ':' ? 1 : 0;
    char mark = next(skip);
    return mark == '-' || mark == '?' ? text.substring(at, at + skip + 1) : "";
  }

  /** Up to the closing brace, over nested ones; without braces all that is left up to one. */
  private String operand(boolean braced) throws Invalid {
    int start = at;
    int depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '$' && next(1) == '$') {
        at++;
      } else if (c == '$' && next(1) == '{') {
        depth++;
        at++;
      } else if (c == '}') {
        if (depth == 0) {
          break;
        }
        depth--;
      }
      at++;
    }
    if (braced && at >= text.length()) {
      throw new Invalid("'${' is not closed by '}'");
    }
    return text.substring(start, at);
  }

  private String resolve(String name, String operator, String operand) throws Invalid {
    String value = variables.get(name);
    boolean present = value != null && !(operator.startsWith(":") && value.isEmpty());
    if (present || operator.isEmpty()) {
      return value == null ? "" : value;
    }
    if (operator.endsWith("-")) {
      return fill(operand, variables);
    }
    throw new Invalid("required variable %s is missing a value: %s".formatted(name, operand));
  }

  private char next(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
  }

  private static boolean isName(char c, boolean first) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (!first && c >= '0' && c <= '9');
  }
}
