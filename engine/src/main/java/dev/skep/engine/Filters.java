package dev.skep.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Engine's list filters: several values of one name are joined by OR, several names by AND.
 * Immutable.
 */
public final class Filters {
  private static final Filters NONE = new Filters(Map.of());

  private final Map<String, Set<String>> values;

  private Filters(Map<String, Set<String>> values) {
    this.values = values;
  }

  /** Everything passes. */
  public static Filters none() {
    return NONE;
  }

  /** Objects whose {@code name} is one of {@code values}. */
  public static Filters of(String name, String... values) {
    return NONE.and(name, List.of(values));
  }

  /** Objects whose {@code name} is one of {@code values}. */
  public static Filters of(String name, Collection<String> values) {
    return NONE.and(name, values);
  }

  /** These filters, and {@code name} one of {@code values}. */
  public Filters and(String name, String... more) {
    return and(name, List.of(more));
  }

  /** These filters, and {@code name} one of {@code values}. */
  public Filters and(String name, Collection<String> more) {
    Map<String, Set<String>> next = new LinkedHashMap<>(values);
    Set<String> joined = new LinkedHashSet<>(next.getOrDefault(name, Set.of()));
    joined.addAll(more);
    next.put(name, Collections.unmodifiableSet(joined));
    return new Filters(next);
  }

  /** Whether everything passes. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** The form that the Engine reads: an object of names to arrays of values. */
  public String toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    values.forEach((name, all) -> all.forEach(json.withArray("/" + name.replace("/", "~1"))::add));
    return json.toString();
  }

  @Override
  public String toString() {
    return toJson();
  }
}
