package dev.skep.deployer.compose;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of {@code KEY=VALUE} lines as {@code set -a; . ./FILE} reads it: blank lines and comments,
 * {@code export} before the key, quotes of both kinds, backslashes. What a shell would compute
 * ($VARIABLES, commands) is an error: only a value that reads the same everywhere is taken.
 */
final class ShellEnvFile {
  private static final Pattern ASSIGNMENT =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=");

  /** What ends a word or begins something to be run, outside of quotes. */
  private static final String SPECIAL = ";&|<>()$`";

  private final String file;
  private final Problems problems;

  private ShellEnvFile(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The variables; what is wrong is told with its place and left out. */
  static Map<String, String> parse(String file, String content, Problems problems) {
    return new ShellEnvFile(file, problems).parse(content);
  }

  private Map<String, String> parse(String content) {
    Map<String, String> result = new LinkedHashMap<>();
    int number = 0;
    for (String line : content.split("\r?\n", -1)) {
      number++;
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      Matcher assignment = ASSIGNMENT.matcher(line);
      if (!assignment.lookingAt()) {
        problems.error(new Mark(file, number, 1), "not KEY=VALUE, nor a comment");
        continue;
      }
      try {
        result.put(assignment.group(1), new Word(line, assignment.end()).read());
      } catch (Invalid e) {
        problems.error(new Mark(file, number, e.at + 1), e.getMessage());
      }
    }
    return result;
  }

  private static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;
    private final int at;

    Invalid(int at, String message) {
      super(message);
      this.at = at;
    }
  }

  /** One value, in pieces that may be quoted. */
  private static final class Word {
    private final String line;
    private final StringBuilder value = new StringBuilder();
    private int at;

    Word(String line, int start) {
      this.line = line;
      this.at = start;
    }

    String read() throws Invalid {
      if (at < line.length() && line.charAt(at) == '~') {
        throw new Invalid(at, "a shell would read '~' as a home directory: write it out");
      }
      while (at < line.length()) {
        char c = line.charAt(at);
        if (Character.isWhitespace(c)) {
          nothingFollows();
          return value.toString();
        } else if (c == '\'') {
          single();
        } else if (c == '"') {
          quoted();
        } else if (c == '\\') {
          escaped();
        } else if (SPECIAL.indexOf(c) >= 0) {
          throw new Invalid(at, "a shell would not read '%c' as it is: use '...'".formatted(c));
        } else {
          value.append(c);
          at++;
        }
      }
      return value.toString();
    }

    private void nothingFollows() throws Invalid {
      String rest = line.substring(at);
      if (!rest.isBlank() && !rest.stripLeading().startsWith("#")) {
        int word = at + rest.length() - rest.stripLeading().length();
        throw new Invalid(word, "a value with a blank in it must stand in quotes");
      }
    }

    private void single() throws Invalid {
      int end = line.indexOf('\'', at + 1);
      if (end < 0) {
        throw new Invalid(at, "this quote is not closed on its line");
      }
      value.append(line, at + 1, end);
      at = end + 1;
    }

    private void quoted() throws Invalid {
      int open = at++;
      while (at < line.length() && line.charAt(at) != '"') {
        char c = line.charAt(at);
        boolean escape = c == '\\' && at + 1 < line.length();
        if (escape && "$`\"\\".indexOf(line.charAt(at + 1)) >= 0) {
          value.append(line.charAt(at + 1));
          at += 2;
        } else if (c == '$' || c == '`') {
          throw new Invalid(
              at, "a shell would compute '%c...': put the value in single quotes".formatted(c));
        } else {
          value.append(c);
          at++;
        }
      }
      if (at >= line.length()) {
        throw new Invalid(open, "this quote is not closed on its line");
      }
      at++;
    }

    private void escaped() throws Invalid {
      if (at + 1 >= line.length()) {
        throw new Invalid(at, "a value must end on its line");
      }
      value.append(line.charAt(at + 1));
      at += 2;
    }
  }
}
