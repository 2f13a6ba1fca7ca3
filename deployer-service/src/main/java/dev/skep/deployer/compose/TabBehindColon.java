package dev.skep.deployer.compose;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * {@code key:<TAB>value} is YAML, and the client takes it; our parser does not. Where it says so,
 * and nowhere else, tabs become spaces: in a text a tab stays what it is.
 */
final class TabBehindColon {
  /** Each is found by reading the file again: so many characters of it, all in all. */
  private static final long MOST_READ = 5_000_000;

  private TabBehindColon() {}

  /** Whether the file is short enough, and has few enough of them, to be read once more. */
  static boolean again(int before, String yaml) {
    return (long) before * yaml.length() < MOST_READ;
  }

  /** The text with spaces for the tabs over which the parser fell, if they are such. */
  static Optional<String> spaced(String yaml, MarkedYamlEngineException e) {
    Mark mark = e.getProblemMark().orElse(null);
    if (mark == null) {
      return Optional.empty();
    }
    int start = 0;
    for (int line = 0; line < mark.getLine(); line++) {
      int end = yaml.indexOf('\n', start);
      if (end < 0) {
        return Optional.empty();
      }
      start = end + 1;
    }
    int end = yaml.indexOf('\n', start);
    String text = yaml.substring(start, end < 0 ? yaml.length() : end);
    if (mark.getColumn() >= text.codePointCount(0, text.length())) {
      return Optional.empty();
    }
    int at = text.offsetByCodePoints(0, mark.getColumn());
    if (text.charAt(at) != '\t' || !text.substring(0, at).stripTrailing().endsWith(":")) {
      return Optional.empty();
    }
    int behind = start + at;
    while (behind < yaml.length() && yaml.charAt(behind) == '\t') {
      behind++;
    }
    // As many: what is told of the line keeps its column.
    String spaces = " ".repeat(behind - start - at);
    return Optional.of(yaml.substring(0, start + at) + spaces + yaml.substring(behind));
  }
}
