package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Shape.Anything;
import dev.skep.deployer.compose.Shape.Keys;
import dev.skep.deployer.compose.Shape.Leaf;
import dev.skep.deployer.compose.Shape.ListOf;
import dev.skep.deployer.compose.Shape.MapOf;
import dev.skep.deployer.compose.Shape.OneOf;
import dev.skep.deployer.compose.Shape.ScalarType;
import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.math.BigInteger;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds a document against its shape and tells everything that does not fit. What does not is left
 * out of the result, so that the rest can be read on for further errors.
 */
final class Validator {
  private final Problems problems;
  private final Set<Value> bad = Collections.newSetFromMap(new IdentityHashMap<>());

  Validator(Problems problems) {
    this.problems = problems;
  }

  /** Checks a whole file; returns what of it fits. */
  Fields file(Fields root) {
    check(root, ComposeSchema.FILE, "");
    return (Fields) prune(root);
  }

  /** Checks the settings under {@link SkepSettings#KEY}; returns what of the file fits. */
  Fields settings(Fields root) {
    check(root.get(SkepSettings.KEY), ComposeSchema.SETTINGS, SkepSettings.KEY);
    return (Fields) prune(root);
  }

  /** Checks settings that stand under {@code path}; returns what of them fits. */
  Fields fitting(Value settings, Shape shape, String path) {
    check(settings, shape, path);
    return prune(settings) instanceof Fields fields
        ? fields
        : new Fields(Map.of(), settings.mark());
  }

  private Value prune(Value value) {
    return switch (value) {
      case Scalar scalar -> scalar;
      case Items(List<Value> items, Mark mark) ->
          new Items(items.stream().filter(i -> !bad.contains(i)).map(this::prune).toList(), mark);
      case Fields(Map<String, Field> fields, Mark mark) -> {
        Map<String, Field> good = new LinkedHashMap<>();
        fields.forEach(
            (key, f) -> {
              if (!bad.contains(f.value())) {
                good.put(key, new Field(f.keyMark(), prune(f.value())));
              }
            });
        yield new Fields(good, mark);
      }
    };
  }

  private void check(Value value, Shape shape, String path) {
    switch (shape) {
      case Anything() -> {}
      case Leaf leaf -> leaf(value, leaf, path);
      case ListOf(Shape item, boolean unique) -> {
        if (value instanceof Items items) {
          if (unique) {
            repetitions(items, path);
          }
          for (int i = 0; i < items.items().size(); i++) {
            check(items.items().get(i), item, path + "[" + i + "]");
          }
        } else {
          misfit(value, shape, path);
        }
      }
      case MapOf map -> {
        if (value instanceof Fields fields) {
          fields.fields().forEach((key, field) -> entry(map, key, field, path));
        } else {
          misfit(value, shape, path);
        }
      }
      case Keys keys -> {
        if (value instanceof Fields fields) {
          keys(fields, keys, path);
        } else {
          misfit(value, shape, path);
        }
      }
      case OneOf forms -> oneOf(value, forms, path);
    }
  }

  private void repetitions(Items items, String path) {
    Set<Object> seen = new HashSet<>();
    for (Value item : items.items()) {
      Object content = content(item);
      if (content != null && !seen.add(content)) {
        String what = item instanceof Scalar scalar ? "'" + scalar.text() + "'" : item.kind();
        problems.error(item.mark(), "'%s' holds %s twice; remove one".formatted(path, what));
      }
    }
  }

  /** What stands there, without its places: equal for equal values. */
  private static Object content(Value value) {
    return switch (value) {
      case Scalar scalar -> scalar.value();
      case Items items -> items.items().stream().map(Validator::content).toList();
      case Fields fields -> {
        Map<String, Object> result = new HashMap<>();
        fields.fields().forEach((key, f) -> result.put(key, content(f.value())));
        yield result;
      }
    };
  }

  private void entry(MapOf map, String key, Field field, String path) {
    if (!map.name().matcher(key).matches()) {
      bad.add(field.value());
      problems.error(
          field.keyMark(),
          "%s: '%s' is not a valid name here, which must match %s"
              .formatted(path, key, map.name().pattern()));
      return;
    }
    check(field.value(), map.value(), join(path, key));
  }

  private void keys(Fields fields, Keys keys, String path) {
    fields
        .fields()
        .forEach(
            (key, field) -> {
              if (keys.keys().containsKey(key)) {
                check(field.value(), keys.keys().get(key), join(path, key));
              } else if (keys.refused().containsKey(key)) {
                bad.add(field.value());
                problems.error(
                    field.keyMark(),
                    "'%s' cannot be used in a stack: %s"
                        .formatted(join(path, key), keys.refused().get(key)));
              } else {
                // Extensions are for others: nobody here needs to know them.
                bad.add(field.value());
                if (!keys.extensions() || !key.startsWith("x-")) {
                  unknown(key, field.keyMark(), keys, path);
                }
              }
            });
    for (String key : keys.required()) {
      if (!fields.has(key)) {
        bad.add(fields);
        problems.error(fields.mark(), "%s: '%s' is missing".formatted(path, key));
      }
    }
  }

  private void unknown(String key, Mark mark, Keys keys, String path) {
    Optional<String> meant = Spelling.meant(key, keys.keys().keySet());
    String advice =
        meant
            .map(m -> "did you mean '" + m + "'?")
            .orElseGet(
                () ->
                    keys.keys().isEmpty()
                        ? "no key may stand here"
                        : "known here: "
                            + String.join(", ", keys.keys().keySet().stream().sorted().toList()));
    problems.error(
        mark, "unknown key '%s'%s; %s".formatted(key, path.isEmpty() ? "" : " in " + path, advice));
  }

  private void oneOf(Value value, OneOf forms, String path) {
    for (Shape form : forms.forms()) {
      if (kindFits(value, form)) {
        check(value, form, path);
        return;
      }
    }
    misfit(value, forms, path);
  }

  private static boolean kindFits(Value value, Shape shape) {
    return switch (shape) {
      case Leaf leaf -> value instanceof Scalar s && fits(s, leaf);
      case ListOf list -> value instanceof Items;
      case MapOf map -> value instanceof Fields;
      case Keys keys -> value instanceof Fields;
      case OneOf forms -> forms.forms().stream().anyMatch(f -> kindFits(value, f));
      case Anything() -> true;
    };
  }

  private void leaf(Value value, Leaf leaf, String path) {
    if (!(value instanceof Scalar scalar) || !fits(scalar, leaf)) {
      misfit(value, leaf, path);
      return;
    }
    if (!leaf.values().isEmpty() && !leaf.values().contains(scalar.text())) {
      bad.add(value);
      String advice =
          Spelling.meant(scalar.text(), leaf.values().stream().filter(v -> !v.isEmpty()).toList())
              .map(m -> "; did you mean '" + m + "'?")
              .orElse("");
      problems.error(
          value.mark(),
          "'%s' must be %s, not '%s'%s".formatted(path, leaf.expected(), scalar.text(), advice));
    }
  }

  private static boolean fits(Scalar scalar, Leaf leaf) {
    if (scalar.value() instanceof Double d && !Double.isFinite(d)) {
      return false;
    }
    // As for the client, 3.0 is a whole number where nothing but numbers may stand.
    return leaf.types().contains(type(scalar))
        || (leaf.types().equals(Set.of(ScalarType.WHOLE)) && scalar.isWhole());
  }

  private void misfit(Value value, Shape shape, String path) {
    bad.add(value);
    problems.error(
        value.mark(), "'%s' must be %s, but is %s".formatted(path, shape.expected(), value.kind()));
  }

  /** What kind of leaf it is. */
  static ScalarType type(Scalar scalar) {
    return switch (scalar.value()) {
      case null -> ScalarType.NULL;
      case Long l -> ScalarType.WHOLE;
      case Double d -> ScalarType.REAL;
      case BigInteger n -> ScalarType.REAL;
      case Boolean b -> ScalarType.FLAG;
      default -> ScalarType.TEXT;
    };
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
