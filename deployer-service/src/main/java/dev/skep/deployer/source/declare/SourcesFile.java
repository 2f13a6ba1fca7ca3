package dev.skep.deployer.source.declare;

import dev.skep.deployer.compose.ComposeProblem;
import dev.skep.deployer.compose.Problems;
import dev.skep.deployer.compose.SettingsFile;
import dev.skep.deployer.compose.Value.Fields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sources that are declared.
 *
 * @param sources those that can be used
 * @param broken by name, what is wrong with those that cannot
 * @param problems what is wrong with the file itself
 */
public record SourcesFile(
    List<Source> sources, Map<String, List<ComposeProblem>> broken, List<ComposeProblem> problems) {
  private static final String KEY = "sources";
  private static final String NAME = "[a-z0-9][a-z0-9-]{0,29}";

  public SourcesFile {
    sources = List.copyOf(sources);
    broken = Map.copyOf(broken);
    problems = List.copyOf(problems);
  }

  /** Whether it tells nothing but that it cannot be read. */
  public boolean unreadable() {
    return sources.isEmpty() && broken.isEmpty() && !problems.isEmpty();
  }

  /** No sources. */
  public static SourcesFile none() {
    return new SourcesFile(List.of(), Map.of(), List.of());
  }

  /**
   * Reads the file; an empty one declares no sources. One source that is wrong does not touch the
   * others.
   *
   * @param file its name, for messages
   * @param secrets the directory in which relative file names are looked for
   */
  public static SourcesFile read(String file, String yaml, Path secrets) {
    if (yaml.lines().map(String::strip).allMatch(l -> l.isEmpty() || l.startsWith("#"))) {
      return none();
    }
    Problems whole = new Problems();
    Fields entries = SettingsFile.read(file, yaml, KEY, whole);
    List<Source> sources = new ArrayList<>();
    Map<String, List<ComposeProblem>> broken = new LinkedHashMap<>();
    if (entries != null) {
      entries
          .fields()
          .forEach(
              (name, field) -> {
                if (!name.matches(NAME)) {
                  whole.error(
                      field.keyMark(),
                      "'%s' is not a source's name: small letters, digits and '-', a letter or"
                              .formatted(name)
                          + " digit first, at most 30");
                  return;
                }
                Problems own = new Problems();
                Source source =
                    new SourceReader(secrets, own).read(name, field.value(), KEY + "." + name);
                if (own.hasErrors()) {
                  broken.put(name, own.errors());
                } else {
                  sources.add(source);
                }
              });
    }
    return new SourcesFile(sources, broken, whole.errors());
  }
}
