package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Shape.Anything;
import dev.skep.deployer.compose.Shape.Keys;
import dev.skep.deployer.compose.Shape.Leaf;
import dev.skep.deployer.compose.Shape.ListOf;
import dev.skep.deployer.compose.Shape.MapOf;
import dev.skep.deployer.compose.Shape.OneOf;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds the forms that a stack file may have (each key, short or long, each kind of value), and
 * those that a given file shows.
 */
final class FormWalk {
  /** Texts of which the schema knows no list, but the Engine does. */
  private static final Map<String, List<String>> TEXTS =
      Map.of(
          "services.*.deploy.endpoint_mode", List.of("vip", "dnsrr"),
          "services.*.deploy.update_config.failure_action",
              List.of("pause", "continue", "rollback"),
          "services.*.deploy.rollback_config.failure_action", List.of("pause", "continue"),
          "services.*.deploy.restart_policy.condition", List.of("none", "on-failure", "any"),
          "services.*.isolation", List.of("default", "process", "hyperv"),
          "services.*.ports[].mode", List.of("ingress", "host"),
          "services.*.ports[].protocol", List.of("tcp", "udp", "sctp"),
          "services.*.restart",
              List.of("no", "always", "unless-stopped", "on-failure", "on-failure:4"),
          "services.*.volumes[].type",
              List.of("volume", "bind", "tmpfs", "npipe", "image", "cluster"),
          "services.*.volumes[].bind.propagation",
              List.of("rprivate", "private", "rshared", "shared", "rslave", "slave"));

  /**
   * A key in one of its forms.
   *
   * @param path with {@code *} for names and {@code []} for the items of a list
   * @param form a kind of value, or one value
   */
  record Form(String path, String form) implements Comparable<Form> {
    @Override
    public int compareTo(Form other) {
      int byPath = path.compareTo(other.path);
      return byPath != 0 ? byPath : form.compareTo(other.form);
    }

    @Override
    public String toString() {
      return path + " as " + form;
    }
  }

  private final Set<Form> found = new LinkedHashSet<>();

  private FormWalk() {}

  /** All forms of a whole file. */
  static Set<Form> possible() {
    FormWalk walk = new FormWalk();
    walk.shape(ComposeSchema.FILE, "");
    return walk.found;
  }

  /** The forms that a document shows, its variables not filled. */
  static Set<Form> shown(Fields document) {
    FormWalk walk = new FormWalk();
    walk.value(document, ComposeSchema.FILE, "");
    return walk.found;
  }

  private void shape(Shape shape, String path) {
    switch (shape) {
      case Anything() -> add(path, "anything");
      case Leaf leaf -> {
        if (leaf.values().isEmpty()) {
          leaf.types().forEach(t -> add(path, t.name().toLowerCase(Locale.ROOT)));
        }
        leaf.values().forEach(v -> add(path, shown(v)));
        TEXTS.getOrDefault(path, List.of()).forEach(v -> add(path, v));
      }
      case ListOf(Shape item, boolean unique) -> {
        add(path, "list");
        shape(item, path + "[]");
      }
      case MapOf map -> {
        add(path, "mapping");
        shape(map.value(), path + ".*");
      }
      case Keys keys -> {
        add(path, "mapping");
        new TreeMap<>(keys.keys()).forEach((key, value) -> shape(value, join(path, key)));
      }
      case OneOf forms -> forms.forms().forEach(f -> shape(f, path));
    }
  }

  private void value(Value value, Shape shape, String path) {
    switch (shape) {
      case Anything() -> add(path, "anything");
      case Leaf leaf -> {
        if (value instanceof Scalar scalar) {
          leaf(scalar, leaf, path);
        }
      }
      case ListOf(Shape item, boolean unique) -> {
        if (value instanceof Items items) {
          add(path, "list");
          items.items().forEach(i -> value(i, item, path + "[]"));
        }
      }
      case MapOf map -> {
        if (value instanceof Fields fields) {
          add(path, "mapping");
          fields.fields().values().forEach(f -> value(f.value(), map.value(), path + ".*"));
        }
      }
      case Keys keys -> {
        if (value instanceof Fields fields) {
          add(path, "mapping");
          keys.keys()
              .forEach(
                  (key, inner) -> {
                    if (fields.has(key)) {
                      value(fields.fields().get(key).value(), inner, join(path, key));
                    }
                  });
        }
      }
      case OneOf forms -> forms.forms().forEach(f -> value(value, f, path));
    }
  }

  private void leaf(Scalar scalar, Leaf leaf, String path) {
    Shape.ScalarType type = Validator.type(scalar);
    if (!leaf.types().contains(type)) {
      return;
    }
    boolean listed = !leaf.values().isEmpty();
    if (!listed) {
      add(path, type.name().toLowerCase(Locale.ROOT));
    }
    if (listed || TEXTS.getOrDefault(path, List.of()).contains(scalar.text())) {
      add(path, shown(scalar.text()));
    }
  }

  private static String shown(String text) {
    return text.isEmpty() ? "\"\"" : text;
  }

  private void add(String path, String form) {
    if (!path.isEmpty()) {
      found.add(new Form(path, form));
    }
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
