package dev.skep.deployer.compose;

import java.util.ArrayList;
import java.util.List;

/** Splits a command line into words as a shell does, without expanding anything. */
final class ShellWords {
  private ShellWords() {}

  /** A command line that does not end as it must. */
  static final class Unfinished extends Exception {
    private static final long serialVersionUID = 1L;

    Unfinished(String message) {
      super(message);
    }
  }

  /** Words by spaces; quotes and backslashes as in a shell; {@code #} begins a comment. */
  static List<String> split(String line) throws Unfinished {
    List<String> words = new ArrayList<>();
    StringBuilder word = null;
    int i = 0;
    while (i < line.length()) {
      char c = line.charAt(i);
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        if (word != null) {
          words.add(word.toString());
          word = null;
        }
        i++;
        continue;
      }
      if (c == '#' && word == null) {
        int end = line.indexOf('\n', i);
        i = end < 0 ? line.length() : end;
        continue;
      }
      word = word == null ? new StringBuilder() : word;
      i =
          switch (c) {
            case '\'' -> single(line, i + 1, word);
            case '"' -> doubled(line, i + 1, word);
            case '\\' -> escaped(line, i + 1, word);
            default -> {
              word.append(c);
              yield i + 1;
            }
          };
    }
    if (word != null) {
      words.add(word.toString());
    }
    return words;
  }

  private static int single(String line, int from, StringBuilder word) throws Unfinished {
    int end = line.indexOf('\'', from);
    if (end < 0) {
      throw new Unfinished("a single quote is not closed");
    }
    word.append(line, from, end);
    return end + 1;
  }

  private static int doubled(String line, int from, StringBuilder word) throws Unfinished {
    int i = from;
    while (i < line.length()) {
      char c = line.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        i = escaped(line, i + 1, word);
      } else {
        word.append(c);
        i++;
      }
    }
    throw new Unfinished("a double quote is not closed");
  }

  private static int escaped(String line, int at, StringBuilder word) throws Unfinished {
    if (at >= line.length()) {
      throw new Unfinished("a backslash stands at the end");
    }
    word.append(line.charAt(at));
    return at + 1;
  }
}
