package dev.skep.deployer.source;

import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.declare.Variable;
import dev.skep.deployer.source.git.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads the values of a source's variables: those declared, and nothing of the process's own. */
final class Variables {
  private static final long MOST_BYTES = 512 * 1024;

  private Variables() {}

  static Map<String, String> read(Source source) throws SourceException {
    Map<String, String> values = new HashMap<>();
    for (Map.Entry<String, Variable> variable : source.variables().entrySet()) {
      values.put(
          variable.getKey(),
          switch (variable.getValue()) {
            case Variable.Text(String value) -> value;
            case Variable.File(Path path) -> content(variable.getKey(), path);
          });
    }
    return values;
  }

  private static String content(String variable, Path file) throws SourceException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new SourceException(
            "the variable '%s': '%s' has more than %d bytes".formatted(variable, file, MOST_BYTES));
      }
      return Files.readString(file).replaceFirst("\\R\\z", "");
    } catch (IOException e) {
      throw new SourceException(
          "the variable '%s': '%s' cannot be read (%s); give the deployer a secret of that name"
              .formatted(variable, file, e.getClass().getSimpleName()),
          e);
    }
  }
}
