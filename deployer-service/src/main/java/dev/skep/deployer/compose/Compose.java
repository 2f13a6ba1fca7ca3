package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * Reads compose files as {@code docker stack deploy} does:
 *
 * <ol>
 *   <li>YAML to a tree with places; anchors and merges resolved, duplicate keys refused
 *   <li>variables filled from the given environment
 *   <li>checked against the keys of the versions 3.0 to 3.13; what does not fit is told and left
 *       out
 *   <li>short forms brought to long ones; env_file, secret and config files read
 *   <li>several files laid over each other
 *   <li>names checked: what a service uses must be declared
 * </ol>
 *
 * All errors of all files are told at once.
 */
public final class Compose {
  /** The most bytes of one compose file: real ones stay below a hundred kilobytes. */
  static final long FILE_LIMIT = 3 * 1024 * 1024;

  private static final Pattern VERSION = Pattern.compile("3(\\.([0-9]|1[0-3]))?");

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
    List<Fields> documents = new ArrayList<>();
    for (Path file : files) {
      try {
        String yaml = loader.text(file.toAbsolutePath().toString(), FILE_LIMIT);
        Fields root = YamlReader.read(file.toString(), yaml, problems);
        if (root != null) {
          documents.add(document(root));
        }
      } catch (IOException e) {
        problems.error(new Mark(file.toString(), 1, 1), e.getMessage());
      }
    }
    if (documents.isEmpty()) {
      problems.check();
    }
    versions(documents);
    Fields merged = documents.stream().reduce(Merger::files).orElseThrow();
    if (documents.size() == files.size()) {
      References.check(merged, problems);
    }
    problems.check();
    return new ComposeFile(merged, problems.warnings());
  }

  private Fields document(Fields root) {
    Fields filled = new Interpolator(loader.variables(), problems).document(root);
    Fields checked = new Validator(problems).file(filled);
    ServiceNormalizer services = new ServiceNormalizer(loader, problems);
    ObjectNormalizer objects = new ObjectNormalizer(loader, problems);
    Fields result =
        section(
            checked,
            "services",
            (name, service) -> {
              // An image that did not fit was told: it is not missing as well.
              boolean dropped =
                  !service.has("image") && filled.fieldsOf("services").fieldsOf(name).has("image");
              Fields whole =
                  dropped
                      ? service.with("image", new Scalar(References.BROKEN, service.mark()))
                      : service;
              return services.service(name, whole);
            });
    result = section(result, "networks", objects::network);
    result = section(result, "volumes", objects::volume);
    result = section(result, "secrets", objects::secret);
    result = section(result, "configs", objects::config);
    // A section that did not fit is still there for those that refer to it.
    for (String section : Set.of("networks", "volumes", "secrets", "configs")) {
      if (root.has(section) && !checked.has(section)) {
        result = result.with(section, new Scalar(References.BROKEN, root.markOf(section)));
      }
    }
    return result;
  }

  private static Fields section(
      Fields root, String section, BiFunction<String, Fields, Fields> change) {
    if (!(root.get(section) instanceof Fields fields)) {
      return root;
    }
    Map<String, Field> next = new LinkedHashMap<>();
    fields
        .fields()
        .forEach(
            (name, field) ->
                next.put(
                    name, new Field(field.keyMark(), change.apply(name, fields.fieldsOf(name)))));
    return root.with(section, new Fields(next, fields.mark()));
  }

  private void versions(List<Fields> documents) {
    String first = null;
    for (Fields document : documents) {
      String version = document.text("version");
      if (!version.isEmpty() && !VERSION.matcher(version).matches()) {
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
