package dev.skep.deployer.compose;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * {@code key:<TAB>value} is YAML, and the client takes it; our parser does not. Where it says so,
 * and nowhere else, the tab becomes a space: in a text a tab stays what it is.
 */
final class TabBehindColon {
  /** Each is found by reading the file again. */
  static final int MOST = 500;

  private TabBehindColon() {}

  /** The text without the tab over which the parser fell, if it is such a one. */
  static Optional<String> spaced(String yaml, MarkedYamlEngineException e) {
    Mark mark = e.getProblemMark().orElse(null);
    if (mark == null) {
      return Optional.empty();
    }
    int start = 0;
    for (int line = 0; line < mark.getLine() && start >= 0; line++) {
      start = yaml.indexOf('\n', start) + 1;
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
    return Optional.of(yaml.substring(0, start + at) + ' ' + yaml.substring(start + at + 1));
  }
}
