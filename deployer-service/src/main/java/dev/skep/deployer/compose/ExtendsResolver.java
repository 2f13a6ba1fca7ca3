package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Puts into services what they extend, of the same file or of another. What a service of another
 * file names by a relative path lies beside that file.
 */
final class ExtendsResolver {
  static final String KEY = "extends";

  /**
   * The services of one file.
   *
   * @param file as it is named in messages
   * @param names of all services
   * @param service gives one in long forms, still with {@link #KEY}
   */
  record Scope(Path file, FileLoader loader, Set<String> names, Services service) {}

  /** A service by its name. */
  interface Services {
    Fields get(String name);
  }

  /** Opens another file; null if it cannot be read, which is told. */
  interface Opener {
    Scope open(Scope from, String path, Mark mark);
  }

  private final Opener opener;
  private final Problems problems;
  private final Set<Set<String>> circles = new HashSet<>();
  private boolean failed;

  ExtendsResolver(Opener opener, Problems problems) {
    this.opener = opener;
    this.problems = problems;
  }

  /** Whether something could not be put in, so that what is missing is no further error. */
  boolean failed() {
    return failed;
  }

  /** A service of the scope with all that it extends. */
  Fields resolve(String name, Scope scope) {
    return resolve(name, scope, List.of());
  }

  private Fields resolve(String name, Scope scope, List<String> path) {
    Fields service = scope.service().get(name);
    Value said = service.get(KEY);
    Fields own = service.without(KEY);
    if (said == null) {
      return own;
    }
    String place = scope.file() + ": " + name;
    List<String> longer = new ArrayList<>(path);
    longer.add(place);
    if (path.contains(place)) {
      return circle(own, said.mark(), longer.subList(path.indexOf(place), longer.size()));
    }
    Fields form = said instanceof Fields fields ? fields : new Fields(Map.of(), said.mark());
    String base = said instanceof Scalar scalar ? scalar.text() : form.text("service");
    String file = form.text("file");
    Scope there = file.isEmpty() ? scope : opener.open(scope, file, form.get("file").mark());
    if (there == null) {
      failed = true;
      return own;
    }
    if (!there.names().contains(base)) {
      String advice =
          Spelling.meant(base, there.names())
              .map(m -> "did you mean '" + m + "'?")
              .orElse(
                  "known there: " + String.join(", ", there.names().stream().sorted().toList()));
      return fail(
          own,
          said.mark(),
          "services.%s extends '%s', which %s does not have; %s"
              .formatted(name, base, there.file(), advice));
    }
    Fields parent = resolve(base, there, longer);
    return SpecificationMerger.merge(
        file.isEmpty() ? parent : besideItsFile(parent, there.loader()), own);
  }

  /** Each circle is told once, whichever of its services is read first. */
  private Fields circle(Fields own, Mark mark, List<String> places) {
    return circles.add(Set.copyOf(places))
        ? fail(
            own,
            mark,
            "'extends' goes in a circle: %s; remove one of them"
                .formatted(String.join(" -> ", places)))
        : own;
  }

  private Fields fail(Fields own, Mark mark, String message) {
    problems.error(mark, message);
    failed = true;
    return own;
  }

  /** Bind mounts are absolute already; env files are read only after all is put together. */
  private static Fields besideItsFile(Fields service, FileLoader loader) {
    if (!(service.get("env_file") instanceof Items files)) {
      return service;
    }
    UnaryOperator<Value> absolute =
        path -> new Scalar(loader.path(((Scalar) path).text()).toString(), path.mark());
    List<Value> next = new ArrayList<>();
    for (Value file : files.items()) {
      next.add(
          file instanceof Fields f && f.get("path") != null
              ? f.with("path", absolute.apply(f.get("path")))
              : absolute.apply(file));
    }
    return service.with("env_file", new Items(next, files.mark()));
  }
}
