package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Reads one compose file with all that its services extend and that it includes: steps one to four
 * of {@link Compose}.
 */
final class Documents {
  /** Sections of top-level objects. */
  static final List<String> OBJECTS = List.of("networks", "volumes", "secrets", "configs");

  /** Files that include each other twice multiply. No stack comes near this. */
  static final int MOST_FILES = 200;

  private final Problems problems;
  private final Map<Path, ExtendsResolver.Scope> opened = new HashMap<>();
  private boolean broken;
  private int files;

  Documents(Problems problems) {
    this.problems = problems;
  }

  /** Whether a part could not be read, so that a name that is missing may have been in it. */
  boolean broken() {
    return broken;
  }

  /**
   * A whole file, or null after a problem that leaves nothing to look at.
   *
   * @param file as it is named in messages
   */
  Fields read(Path file, FileLoader loader) {
    return read(file, loader, List.of(), null);
  }

  /**
   * A file that another one may include, or null.
   *
   * @param path the files that include this one, absolute, the first first
   * @param at where this one is included; null for a file of the command
   */
  Fields read(Path file, FileLoader loader, List<Path> path, Mark at) {
    Fields checked = checked(file, loader, at);
    if (checked == null) {
      return null;
    }
    if (checked.has("name") && path.isEmpty()) {
      problems.warn(
          checked.markOf("name"),
          "'name' is for docker compose: ignored; a stack is named on the command line");
    }
    List<Path> longer = new ArrayList<>(path);
    longer.add(file.toAbsolutePath().normalize());
    Fields own = complete(file, checked, loader);
    return new IncludeResolver(this, problems).resolve(own, file, loader, longer);
  }

  /** The file as far as it fits, its variables filled; null if it cannot be read. */
  private Fields checked(Path file, FileLoader loader, Mark at) {
    Fields root = null;
    if (++files > MOST_FILES) {
      problems.error(
          new Mark(file.toString(), 1, 1),
          "more than %d files are included or extended; put some together".formatted(MOST_FILES));
      broken = true;
      return null;
    }
    try {
      String yaml = loader.yaml(file.toAbsolutePath().toString(), Compose.FILE_LIMIT);
      root = YamlReader.read(file.toString(), yaml, problems);
    } catch (IOException e) {
      problems.error(at == null ? new Mark(file.toString(), 1, 1) : at, e.getMessage());
    }
    if (root == null) {
      broken = true;
      return null;
    }
    Fields filled = new Interpolator(loader.variables(), problems).document(root);
    Fields checked = new Validator(problems).file(filled);
    // An image that did not fit was told: it is not missing as well.
    Fields result =
        section(
            checked,
            "services",
            (name, service) ->
                !service.has("image") && filled.fieldsOf("services").fieldsOf(name).has("image")
                    ? service.with("image", new Scalar(References.BROKEN, service.mark()))
                    : service);
    // A section that did not fit is still there for those that refer to it.
    for (String section : OBJECTS) {
      if (root.has(section) && !checked.has(section)) {
        result = result.with(section, new Scalar(References.BROKEN, root.markOf(section)));
      }
    }
    return result;
  }

  private Fields complete(Path file, Fields checked, FileLoader loader) {
    ServiceNormalizer services = new ServiceNormalizer(loader, problems);
    ObjectNormalizer objects = new ObjectNormalizer(loader, problems);
    ExtendsResolver.Scope scope = scope(file, checked, loader, services);
    ExtendsResolver resolver = new ExtendsResolver(this::open, problems);
    Fields result =
        section(
            checked,
            "services",
            (name, service) -> services.environment(resolver.resolve(name, scope)));
    broken |= resolver.failed();
    result = section(result, "networks", objects::network);
    result = section(result, "volumes", objects::volume);
    result = section(result, "secrets", objects::secret);
    return section(result, "configs", objects::config);
  }

  private static ExtendsResolver.Scope scope(
      Path file, Fields checked, FileLoader loader, ServiceNormalizer services) {
    Fields raw = checked.fieldsOf("services");
    Map<String, Fields> ready = new HashMap<>();
    return new ExtendsResolver.Scope(
        file,
        loader,
        raw.fields().keySet(),
        name -> ready.computeIfAbsent(name, n -> services.longForms(n, raw.fieldsOf(n))));
  }

  /** Another file, for what is extended of it. */
  private ExtendsResolver.Scope open(ExtendsResolver.Scope from, String path, Mark mark) {
    Path file = from.loader().named(from.file(), path);
    Path absolute = file.toAbsolutePath().normalize();
    if (opened.containsKey(absolute)) {
      return opened.get(absolute);
    }
    FileLoader loader = from.loader().in(absolute.getParent());
    Fields checked = checked(file, loader, mark);
    ExtendsResolver.Scope scope =
        checked == null
            ? null
            : scope(file, checked, loader, new ServiceNormalizer(loader, problems));
    opened.put(absolute, scope);
    return scope;
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
}
