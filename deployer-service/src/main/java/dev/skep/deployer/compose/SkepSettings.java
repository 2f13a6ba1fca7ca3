package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code x-skep} at the top of a stack's first file asks for: an env file whose variables are
 * used, and further files that are merged. Only the command line reads it, for files of this
 * machine: docker's ignores it, and a file from elsewhere must not reach for others.
 *
 * <pre>
 * x-skep:
 *   env-file: .env         # beside this file; not there: fine, unless required
 *   required: false
 *   override: "${OVER:-}"  # compose files by comma, relative to this file; none if empty
 * </pre>
 *
 * @param files the first file, those of {@code override}, then the others
 * @param variables of the env file and the environment, which wins
 * @param notices a line for each file that was brought in
 */
public record SkepSettings(List<Path> files, Map<String, String> variables, List<String> notices) {
  /** The key at the top of the file. */
  public static final String KEY = "x-skep";

  public SkepSettings {
    files = List.copyOf(files);
    variables = Map.copyOf(variables);
    notices = List.copyOf(notices);
  }

  /**
   * Reads the first file's settings. A file that cannot be read at all is left to {@link
   * Compose#load}, which tells why.
   *
   * @param files at least one
   * @param env the process's environment
   * @throws ComposeException with every error in the settings and the env file
   */
  public static SkepSettings read(List<Path> files, Map<String, String> env) {
    Path first = files.getFirst();
    Path directory = first.toAbsolutePath().normalize().getParent();
    FileLoader loader = new FileLoader(directory, env, FileSource.LOCAL);
    Problems unheard = new Problems();
    Fields root = null;
    try {
      String yaml = loader.yaml(first.toAbsolutePath().toString(), Compose.FILE_LIMIT);
      root = YamlReader.read(first.toString(), yaml, unheard);
    } catch (IOException e) {
      // Told by who reads the whole file.
    }
    if (root == null || root.get(KEY) == null) {
      return new SkepSettings(files, env, List.of());
    }
    Problems problems = new Problems();
    Fields checked = new Validator(problems).settings(root);
    SkepSettings result =
        new Reader(loader, first, problems)
            .read(checked.fieldsOf(KEY), files.subList(1, files.size()));
    problems.check();
    return result;
  }

  /** Values may be secret. */
  @Override
  public String toString() {
    return "SkepSettings" + files;
  }

  private record Reader(FileLoader loader, Path first, Problems problems) {
    SkepSettings read(Fields settings, List<Path> rest) {
      List<String> notices = new ArrayList<>();
      Map<String, String> variables = variables(settings, notices);
      List<Path> files = new ArrayList<>(List.of(first));
      for (String override : override(settings, variables)) {
        Path file = beside(override);
        if (Files.isRegularFile(file)) {
          files.add(file);
          notices.add("merging " + override + ", as " + KEY + " says");
        } else {
          problems.error(
              settings.get("override").mark(),
              "%s.override: there is no file '%s'".formatted(KEY, file));
        }
      }
      files.addAll(rest);
      return new SkepSettings(files, variables, notices);
    }

    private Map<String, String> variables(Fields settings, List<String> notices) {
      Map<String, String> variables = new HashMap<>();
      Value said = settings.get("env-file");
      if (said != null) {
        String name = fill(said, settings.text("env-file"), loader.variables());
        Path file = beside(name);
        if (Files.exists(file)) {
          notices.add("reading " + name + ", as " + KEY + " says");
          try {
            String text = loader.text(file.toString(), FileLoader.ENV_FILE_LIMIT);
            variables.putAll(ShellEnvFile.parse(file.toString(), text, problems));
          } catch (IOException e) {
            problems.error(said.mark(), KEY + ".env-file: " + e.getMessage());
          }
        } else if (Boolean.TRUE.equals(settings.flag("required"))) {
          problems.error(said.mark(), "%s.env-file: there is no file '%s'".formatted(KEY, file));
        }
      }
      variables.putAll(loader.variables());
      return variables;
    }

    private List<String> override(Fields settings, Map<String, String> variables) {
      Value said = settings.get("override");
      if (said == null) {
        return List.of();
      }
      String filled = fill(said, settings.text("override"), variables);
      return java.util.Arrays.stream(filled.split(",", -1))
          .map(String::strip)
          .filter(s -> !s.isEmpty())
          .toList();
    }

    private String fill(Value at, String text, Map<String, String> variables) {
      try {
        return Template.fill(text, variables);
      } catch (Template.Invalid e) {
        problems.error(at.mark(), e.getMessage());
        return "";
      }
    }

    /** As the compose file was named: a relative one stays relative, for shorter messages. */
    private Path beside(String name) {
      return first.resolveSibling(name).normalize();
    }
  }
}
