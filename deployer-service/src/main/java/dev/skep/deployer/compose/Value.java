package dev.skep.deployer.compose;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A compose document as a tree that remembers where each part stands. Immutable. */
public sealed interface Value {
  Mark mark();

  /** What it is, for messages. */
  String kind();

  /**
   * A leaf.
   *
   * @param value a String, Long, Double, Boolean, or null; a BigInteger above the longest Long
   */
  record Scalar(Object value, Mark mark) implements Value {
    /** Up to here a double holds each whole number. */
    private static final double MOST_EXACT = 1L << 53;

    @Override
    public String kind() {
      return switch (value) {
        case null -> "empty";
        case Long l -> "the number " + l;
        case BigInteger n -> "the number " + n;
        case Double d -> "the number " + text();
        case Boolean b -> "the boolean " + b;
        default -> "a string";
      };
    }

    /** Whether nothing stands there. */
    public boolean isNull() {
      return value == null;
    }

    /** Whether it is a whole number, also one that is written as 3.0. */
    boolean isWhole() {
      return value instanceof Long
          || (value instanceof Double d && d == Math.rint(d) && Math.abs(d) < MOST_EXACT);
    }

    /** The value as Go's fmt.Sprint writes it; "" for nothing. */
    public String text() {
      return switch (value) {
        case null -> "";
        case Double d -> GoNumber.text(d);
        default -> value.toString();
      };
    }

    /** Values may be secret. */
    @Override
    public String toString() {
      return "Scalar[" + mark + "]";
    }
  }

  /** A list. */
  record Items(List<Value> items, Mark mark) implements Value {
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }

    /** The texts of its scalars. */
    public List<String> texts() {
      return items.stream().map(v -> ((Scalar) v).text()).toList();
    }
  }

  /** A mapping. */
  record Fields(Map<String, Field> fields, Mark mark) implements Value {
    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    @Override
    public String kind() {
      return "a mapping";
    }

    /** The value of a key, or null: also where the key stands without a value. */
    public Value get(String key) {
      Field field = fields.get(key);
      return field == null || (field.value() instanceof Scalar s && s.isNull())
          ? null
          : field.value();
    }

    /** Whether the key stands there, with or without a value. */
    public boolean has(String key) {
      return fields.containsKey(key);
    }

    /** The mapping under a key; an empty one if there is none. */
    public Fields fieldsOf(String key) {
      return get(key) instanceof Fields f ? f : new Fields(Map.of(), mark);
    }

    /** The list under a key; an empty one if there is none. */
    public List<Value> itemsOf(String key) {
      return get(key) instanceof Items i ? i.items() : List.of();
    }

    /** The texts of the list under a key. */
    public List<String> textsOf(String key) {
      return get(key) instanceof Items i ? i.texts() : List.of();
    }

    /** The text under a key; "" if there is none. */
    public String text(String key) {
      return get(key) instanceof Scalar s ? s.text() : "";
    }

    /** The whole number under a key, or null; 3.0 is one, too. */
    public Long number(String key) {
      return get(key) instanceof Scalar scalar && scalar.isWhole()
          ? ((Number) scalar.value()).longValue()
          : null;
    }

    /** The boolean under a key, or null. */
    public Boolean flag(String key) {
      return get(key) instanceof Scalar(Boolean b, Mark ignored) ? b : null;
    }

    /** Where a key stands, or the mapping itself if it does not. */
    public Mark markOf(String key) {
      Field field = fields.get(key);
      return field == null ? mark : field.keyMark();
    }

    /** This mapping with one more key, or another value under it. */
    public Fields with(String key, Value value) {
      Map<String, Field> next = new LinkedHashMap<>(fields);
      next.put(key, new Field(fields.containsKey(key) ? markOf(key) : value.mark(), value));
      return new Fields(next, mark);
    }

    /** This mapping without a key. */
    public Fields without(String key) {
      Map<String, Field> next = new LinkedHashMap<>(fields);
      next.remove(key);
      return new Fields(next, mark);
    }
  }

  /** A key's place and its value. */
  record Field(Mark keyMark, Value value) {
    public Field {
      Objects.requireNonNull(value, "value");
    }
  }

  /** A list of texts at one place. */
  static Items texts(List<String> texts, Mark mark) {
    List<Value> items = new ArrayList<>(texts.size());
    texts.forEach(t -> items.add(new Scalar(t, mark)));
    return new Items(items, mark);
  }
}
