package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Reads what is written beside compose files in the same way: YAML with places, all errors at once,
 * and a suggestion for a misspelt key.
 */
public final class SettingsFile {
  private SettingsFile() {}

  /**
   * The document as it stands there, or null after a problem that leaves nothing to look at.
   *
   * @param key the one key that it must have, a mapping; no other may stand there
   */
  public static Fields read(String file, String yaml, String key, Problems problems) {
    Problems own = new Problems();
    Fields root = yaml.isBlank() ? null : YamlReader.read(file, yaml, own);
    if (root == null && !own.hasErrors()) {
      problems.error(new Mark(file, 1, 1), "the file is empty; it must hold '%s:'".formatted(key));
      return null;
    }
    own.warnings().forEach(w -> problems.error(w.mark(), w.message()));
    own.errors()
        .forEach(
            p ->
                problems.error(
                    p.mark(),
                    p.message()
                        .replace(
                            "a stack needs at least 'services:'", "it must hold '" + key + ":'")
                        .replace("'services:' in it", "'" + key + ":' in it")));
    if (root == null) {
      return null;
    }
    root.fields()
        .forEach(
            (name, field) -> {
              if (!name.equals(key) && !name.startsWith("x-")) {
                problems.error(
                    field.keyMark(),
                    "unknown key '%s'; only '%s' may stand here".formatted(name, key));
              }
            });
    if (!(root.get(key) instanceof Fields entries)) {
      problems.error(
          root.markOf(key), "'%s' must be a mapping from names to settings".formatted(key));
      return null;
    }
    return entries;
  }

  /**
   * What of a source's settings fits; the rest is told.
   *
   * @param path where they stand, for messages
   */
  public static Fields source(Value settings, String path, Problems problems) {
    return new Validator(problems).fitting(settings, SourceSchema.SOURCE, path);
  }

  /** As {@link #source}, for a stack in a repository's own file. */
  public static Fields stack(Value settings, String path, Problems problems) {
    return new Validator(problems).fitting(settings, SourceSchema.STACK, path);
  }

  /** The known word that is near enough to be meant, if any. */
  public static Optional<String> meant(String word, Collection<String> known) {
    return Spelling.meant(word, known);
  }

  /** The texts under a key that holds one or a list of them. */
  public static List<String> texts(Fields fields, String key) {
    return fields.get(key) instanceof Scalar one ? List.of(one.text()) : fields.textsOf(key);
  }
}
