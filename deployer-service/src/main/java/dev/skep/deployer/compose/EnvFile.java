package dev.skep.deployer.compose;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A service's env_file: lines of {@code NAME=value}, taken as they are (no quotes stripped, nothing
 * expanded). A bare NAME takes the environment's value, and is left out if it has none.
 */
final class EnvFile {
  private EnvFile() {}

  static Map<String, String> parse(String content, Map<String, String> variables) {
    Map<String, String> result = new LinkedHashMap<>();
    String text = content.startsWith("\uFEFF") ? content.substring(1) : content;
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = (raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw).stripLeading();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int equals = line.indexOf('=');
      String name = equals < 0 ? line : line.substring(0, equals);
      if (name.isEmpty()) {
        throw new IllegalArgumentException("line %d has no name before '='".formatted(number));
      }
      if (name.chars().anyMatch(Character::isWhitespace)) {
        throw new IllegalArgumentException(
            "line %d: the name '%s' must not hold a space".formatted(number, name));
      }
      if (equals >= 0) {
        result.put(name, line.substring(equals + 1));
      } else if (variables.containsKey(name)) {
        result.put(name, variables.get(name));
      }
    }
    return result;
  }
}
