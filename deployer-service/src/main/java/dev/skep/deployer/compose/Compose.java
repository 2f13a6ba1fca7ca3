package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Fields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads compose files as {@code docker stack deploy} does:
 *
 * <ol>
 *   <li>YAML to a tree with places; anchors and merges resolved, duplicate keys refused
 *   <li>variables filled from the given environment
 *   <li>checked against the keys of the versions 3.0 to 3.13; what does not fit is told and left
 *       out
 *   <li>short forms brought to long ones; what services extend and files include put in; env_file,
 *       secret and config files read
 *   <li>several files laid over each other
 *   <li>services left out that only other profiles have
 *   <li>names checked: what a service uses must be declared
 * </ol>
 *
 * All errors of all files are told at once.
 */
public final class Compose {
  /** The most bytes of one compose file: real ones stay below a hundred kilobytes. */
  static final long FILE_LIMIT = 3 * 1024 * 1024;

  private static final Pattern VERSION = Pattern.compile("3\\.([0-9]|1[0-3])");

  /** That of a file which names none, or 3 alone. */
  private static final String NEWEST = "3.13";

  private final Problems problems = new Problems();
  private final FileLoader loader;

  private Compose(FileLoader loader) {
    this.loader = loader;
  }

  /**
   * Reads files of this machine.
   *
   * @param files at least one; relative paths in all of them begin at the directory of the first
   * @param env the variables, also for environment entries without a value
   * @throws ComposeException with every error
   */
  public static ComposeFile load(List<Path> files, Map<String, String> env) {
    return load(files, env, FileSource.LOCAL);
  }

  /** Reads files from a source that may confine them. */
  public static ComposeFile load(List<Path> files, Map<String, String> env, FileSource source) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no compose file is named");
    }
    Path directory = files.getFirst().toAbsolutePath().normalize().getParent();
    return new Compose(new FileLoader(directory, Map.copyOf(env), source)).read(files);
  }

  private ComposeFile read(List<Path> files) {
    Documents reader = new Documents(problems);
    List<Fields> documents = new ArrayList<>();
    for (Path file : files) {
      Fields document = reader.read(file, loader);
      if (document != null) {
        documents.add(document);
      }
    }
    if (documents.isEmpty()) {
      problems.check();
    }
    versions(documents);
    Fields merged = documents.stream().reduce(Merger::files).orElseThrow();
    Fields active = Profiles.choose(merged, loader.variables(), problems);
    if (!reader.broken()) {
      References.check(active, problems);
      Dependencies.check(active.fieldsOf("services"), merged.fieldsOf("services"), problems);
    }
    problems.check();
    return new ComposeFile(active, problems.warnings());
  }

  private void versions(List<Fields> documents) {
    String first = null;
    for (Fields document : documents) {
      String said = document.text("version");
      String version = said.isEmpty() || said.equals("3") ? NEWEST : said;
      if (!VERSION.matcher(version).matches()) {
        problems.error(
            document.get("version").mark(),
            "version '%s' is not supported: 3.0 to 3.13, or none".formatted(version));
      }
      if (first == null) {
        first = version;
      } else if (!first.equals(version)) {
        problems.error(
            document.markOf("version"),
            "all files of a stack must have the same version: '%s' here, '%s' in the first"
                .formatted(version, first));
      }
    }
  }
}
