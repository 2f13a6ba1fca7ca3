package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Lays a service over the one that it extends, both in long forms, by the Compose Specification:
 * mappings merge, scalars override (also by false, zero and ""), commands and health checks are
 * replaced, lists are appended without repetition, and what has an identity is replaced by it:
 * volumes by target, secrets and configs by where they are mounted, ports by all that they name.
 *
 * <p>Not the rules for several files, which are the CLI's: {@link Merger}.
 */
final class SpecificationMerger {
  /** Lists that are one thing, not many. */
  private static final Set<String> WHOLE = Set.of("command", "entrypoint", "test");

  /** Mappings whose values are replaced as a whole. */
  private static final Set<String> WHOLE_VALUES = Set.of("ulimits", Dependencies.KEY);

  private SpecificationMerger() {}

  /** The service of both. */
  static Fields merge(Fields base, Fields over) {
    return fields(base, over, "");
  }

  private static Fields fields(Fields base, Fields over, String parent) {
    Map<String, Field> result = new LinkedHashMap<>(base.fields());
    over.fields()
        .forEach(
            (key, field) ->
                result.merge(
                    key,
                    field,
                    (a, b) -> new Field(b.keyMark(), value(a.value(), b.value(), parent, key))));
    return new Fields(result, over.mark());
  }

  private static Value value(Value base, Value over, String parent, String key) {
    return switch (over) {
      // In an environment a name without a value asks for that of our own.
      case Scalar s when s.isNull() && !parent.equals("environment") -> base;
      case Fields f
          when base instanceof Fields b
              && !WHOLE_VALUES.contains(parent)
              && !(key.equals("logging") && otherDriver(b, f)) ->
          fields(b, f, key);
      case Items i when base instanceof Items b && !WHOLE.contains(key) -> items(b, i, key);
      default -> over;
    };
  }

  private static boolean otherDriver(Fields base, Fields over) {
    return !base.text("driver").isEmpty()
        && !over.text("driver").isEmpty()
        && !base.text("driver").equals(over.text("driver"));
  }

  private static Items items(Items base, Items over, String key) {
    Function<Value, String> identity =
        switch (key) {
          case "volumes" -> v -> text(v, "target");
          case "secrets", "configs" ->
              v -> text(v, "target").isEmpty() ? text(v, "source") : text(v, "target");
          case "ports" -> SpecificationMerger::port;
          default -> null;
        };
    Map<Object, Value> all = new LinkedHashMap<>();
    for (Items list : List.of(base, over)) {
      for (Value item : list.items()) {
        Object id = item;
        if (identity != null) {
          id = identity.apply(item);
        } else if (item instanceof Scalar scalar) {
          id = scalar.text();
        }
        all.put(id, item);
      }
    }
    return new Items(List.copyOf(all.values()), over.mark());
  }

  private static String port(Value port) {
    String protocol = text(port, "protocol");
    return "%s:%s/%s"
        .formatted(
            text(port, "published"), text(port, "target"), protocol.isEmpty() ? "tcp" : protocol);
  }

  private static String text(Value value, String key) {
    return value instanceof Fields fields ? fields.text(key) : "";
  }
}
