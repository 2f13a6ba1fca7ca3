package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Lays one normalized file over another, by the CLI's rules: mappings merge; scalars override
 * unless they are empty or false; commands are replaced; lists are appended; volumes merge by
 * target, secrets and configs by source, ports by published port and protocol (the CLI: by port
 * alone, so that 53/tcp and 53/udp would not both survive). Top-level objects are replaced as a
 * whole.
 */
final class Merger {
  /** Where zero is a value of its own. */
  private static final Set<String> ZERO_COUNTS =
      Set.of("replicas", "parallelism", "max_attempts", "retries");

  /** Mappings whose values are replaced as a whole. */
  private static final Set<String> WHOLE_VALUES = Set.of("ulimits", Dependencies.KEY);

  private static final Set<String> TEXT_MAPS =
      Set.of("labels", "sysctls", "options", "driver_opts");

  private Merger() {}

  static Fields files(Fields base, Fields over) {
    Fields result = base;
    for (String section : List.of("networks", "volumes", "secrets", "configs")) {
      result = result.with(section, overlay(base.fieldsOf(section), over.fieldsOf(section)));
    }
    Map<String, Field> services = new LinkedHashMap<>(base.fieldsOf("services").fields());
    over.fieldsOf("services")
        .fields()
        .forEach(
            (name, field) ->
                services.merge(
                    name,
                    field,
                    (a, b) ->
                        new Field(a.keyMark(), service((Fields) a.value(), (Fields) b.value()))));
    return result.with("services", new Fields(services, base.markOf("services")));
  }

  private static Fields overlay(Fields base, Fields over) {
    Map<String, Field> all = new LinkedHashMap<>(base.fields());
    all.putAll(over.fields());
    return new Fields(all, base.mark());
  }

  private static Fields service(Fields base, Fields given) {
    Fields over = given;
    for (String key : List.of("dns", "dns_search")) {
      // Nothing appended to nothing is nothing, while an empty list alone is sent as one.
      if (base.get(key) == null && over.itemsOf(key).isEmpty()) {
        over = over.without(key);
      }
    }
    Fields merged = fields(base, over, "");
    merged = keyed(merged, base, over, "volumes", v -> v.text("target"), false);
    merged = keyed(merged, base, over, "secrets", v -> v.text("source"), false);
    merged = keyed(merged, base, over, "configs", v -> v.text("source"), false);
    return keyed(merged, base, over, "ports", Merger::portKey, true);
  }

  private static String portKey(Fields port) {
    String protocol = port.text("protocol").isEmpty() ? "tcp" : port.text("protocol");
    return port.number("published") == null
        ? "unpublished/" + port.text("target") + "/" + protocol
        : "%05d/%s".formatted(port.number("published"), protocol);
  }

  /** The list under a key with one entry per id, sorted by it. Done if the base has the list. */
  private static Fields keyed(
      Fields merged,
      Fields base,
      Fields over,
      String key,
      Function<Fields, String> id,
      boolean unpublishedFirst) {
    if (base.get(key) == null) {
      return merged;
    }
    Comparator<String> order =
        unpublishedFirst
            ? Comparator.<String, Boolean>comparing(k -> !k.startsWith("unpublished"))
                .thenComparing(Comparator.naturalOrder())
            : Comparator.naturalOrder();
    Map<String, Value> byId = new TreeMap<>(order);
    base.itemsOf(key).forEach(v -> byId.put(id.apply((Fields) v), v));
    over.itemsOf(key).forEach(v -> byId.put(id.apply((Fields) v), v));
    return merged.with(key, new Items(List.copyOf(byId.values()), base.get(key).mark()));
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
    return new Fields(result, base.mark());
  }

  private static Value value(Value base, Value over, String parent, String key) {
    return switch (over) {
      case Scalar scalar -> scalar(base, scalar, parent, key);
      case Items items -> items(base, items, key);
      case Fields fields -> {
        if (!(base instanceof Fields baseFields) || WHOLE_VALUES.contains(parent)) {
          yield over;
        }
        if (parent.equals("networks")) {
          // Aliases are replaced, not appended, even by none.
          yield fields.has("aliases")
              ? baseFields.with("aliases", fields.fields().get("aliases").value())
              : baseFields.without("aliases");
        }
        yield key.equals("logging") && !sameDriver(baseFields, fields)
            ? over
            : fields(baseFields, fields, key);
      }
    };
  }

  private static boolean sameDriver(Fields a, Fields b) {
    String driver = a.text("driver");
    return driver.isEmpty() || b.text("driver").isEmpty() || driver.equals(b.text("driver"));
  }

  private static Value scalar(Value base, Scalar over, String parent, String key) {
    if (TEXT_MAPS.contains(parent)) {
      return over;
    }
    if (parent.equals("environment") && base instanceof Scalar old && old.text().isEmpty()) {
      return over;
    }
    boolean counts = ZERO_COUNTS.contains(key) && !over.isNull();
    boolean empty =
        over.isNull()
            || over.text().isEmpty()
            || over.value().equals(0L)
            || over.value().equals(0d)
            || over.value().equals(false);
    return empty && !counts ? base : over;
  }

  private static Value items(Value base, Items over, String key) {
    if (!(base instanceof Items old)) {
      return over;
    }
    if (key.equals("command") || key.equals("entrypoint")) {
      return over.items().isEmpty() ? base : over;
    }
    List<Value> all = new ArrayList<>(old.items());
    all.addAll(over.items());
    return new Items(all, old.mark());
  }
}
