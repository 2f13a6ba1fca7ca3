package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts into a file what it includes. Each entry of {@code include} is a stack of its own: one file,
 * or several laid over each other, whose relative paths begin at the first of them (or at {@code
 * project_directory}), and whose variables may come from an env file of its own. No name may be
 * declared both there and here.
 */
final class IncludeResolver {
  static final String KEY = "include";

  private final Documents documents;
  private final Problems problems;

  IncludeResolver(Documents documents, Problems problems) {
    this.documents = documents;
    this.problems = problems;
  }

  /**
   * The file with all that it includes.
   *
   * @param path the files that led here, this one last, absolute
   */
  Fields resolve(Fields own, Path file, FileLoader loader, List<Path> path) {
    Fields result = own.without(KEY);
    for (Value entry : own.itemsOf(KEY)) {
      Fields included = included(entry, file, loader, path);
      if (included != null) {
        result = combine(result, included, own);
      }
    }
    return result;
  }

  private Fields included(Value entry, Path file, FileLoader loader, List<Path> path) {
    Fields form =
        entry instanceof Fields fields
            ? fields
            : new Fields(Map.of("path", new Field(entry.mark(), entry)), entry.mark());
    List<Scalar> names = scalars(form.get("path"));
    if (names.isEmpty()) {
      problems.error(form.mark(), "include: name at least one file under 'path'");
      return null;
    }
    for (Scalar name : names) {
      if (name.text().contains("://") || name.text().startsWith("oci:")) {
        problems.error(
            name.mark(),
            "include: '%s' is not a file; only files can be included, so fetch it first"
                .formatted(name.text()));
        return null;
      }
    }
    Path first = loader.named(file, names.getFirst().text()).toAbsolutePath().normalize();
    String directory = form.text("project_directory");
    FileLoader inner =
        loader
            .in(directory.isEmpty() ? first.getParent() : loader.path(directory))
            .with(variables(form, loader));
    List<Fields> read = new ArrayList<>();
    for (Scalar name : names) {
      Path one = loader.named(file, name.text());
      Path absolute = one.toAbsolutePath().normalize();
      if (path.contains(absolute)) {
        problems.error(
            name.mark(),
            "include: '%s' includes itself by way of %s; remove one of them"
                .formatted(one, path.getLast().getFileName()));
        continue;
      }
      Fields document = documents.read(one, inner, path, name.mark());
      if (document != null) {
        read.add(document);
      }
    }
    return read.stream().reduce(Merger::files).orElse(null);
  }

  /** Those of the entry's env files; our own win. */
  private Map<String, String> variables(Fields form, FileLoader loader) {
    Map<String, String> result = new HashMap<>();
    for (Scalar name : scalars(form.get("env_file"))) {
      Path file = loader.path(name.text());
      try {
        String text = loader.text(file.toString(), FileLoader.ENV_FILE_LIMIT);
        result.putAll(ShellEnvFile.parse(file.toString(), text, problems));
      } catch (IOException e) {
        problems.error(name.mark(), "include: env_file: " + e.getMessage());
      }
    }
    result.putAll(loader.variables());
    return result;
  }

  private static List<Scalar> scalars(Value value) {
    return switch (value) {
      case Scalar scalar -> List.of(scalar);
      case Items items -> items.items().stream().map(Scalar.class::cast).toList();
      case null, default -> List.of();
    };
  }

  /**
   * Both files' sections in one.
   *
   * @param own the including file, for the place of what is declared twice
   */
  private Fields combine(Fields into, Fields included, Fields own) {
    Fields result = into;
    List<String> sections = new ArrayList<>(Documents.OBJECTS);
    sections.add("services");
    for (String section : sections) {
      if (into.get(section) instanceof Scalar || !included.has(section)) {
        continue;
      }
      if (included.get(section) instanceof Scalar broken) {
        result = result.with(section, broken);
        continue;
      }
      Map<String, Field> all = new LinkedHashMap<>(into.fieldsOf(section).fields());
      included
          .fieldsOf(section)
          .fields()
          .forEach(
              (name, field) -> {
                Field other = all.putIfAbsent(name, field);
                // One file that is included on two ways gives one and the same object.
                if (other != null && !other.keyMark().equals(field.keyMark())) {
                  Mark mark = own.fieldsOf(section).has(name) ? other.keyMark() : field.keyMark();
                  Mark there = mark.equals(other.keyMark()) ? field.keyMark() : other.keyMark();
                  problems.error(
                      mark,
                      "'%s.%s' is also declared in %s; rename one, or change it by a further -c"
                              .formatted(section, name, there)
                          + " file");
                }
              });
      result = result.with(section, new Fields(all, into.fieldsOf(section).mark()));
    }
    return result;
  }
}
