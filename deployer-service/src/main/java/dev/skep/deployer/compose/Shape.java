package dev.skep.deployer.compose;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What may stand at a place of a compose file. */
sealed interface Shape {
  /** What is expected, for messages: "must be ...". */
  String expected();

  /** A scalar of some types, one of some values where {@code values} names any. */
  record Leaf(Set<ScalarType> types, List<String> values, String expected) implements Shape {}

  /** The types of scalars. */
  enum ScalarType {
    TEXT,
    WHOLE,
    REAL,
    FLAG,
    NULL
  }

  /**
   * A list of things.
   *
   * @param unique whether no scalar may stand there twice
   */
  record ListOf(Shape item, boolean unique) implements Shape {
    @Override
    public String expected() {
      return "a list";
    }
  }

  /** A mapping from names to things. */
  record MapOf(Pattern name, Shape value) implements Shape {
    @Override
    public String expected() {
      return "a mapping";
    }
  }

  /**
   * A mapping with known keys.
   *
   * @param refused keys that are known but cannot be honoured, with the reason
   * @param extensions whether x-* keys may stand there
   */
  record Keys(
      Map<String, Shape> keys,
      Set<String> required,
      Map<String, String> refused,
      boolean extensions)
      implements Shape {
    @Override
    public String expected() {
      return "a mapping";
    }
  }

  /** Several forms; the one that fits the kind of what stands there is taken. */
  record OneOf(List<Shape> forms) implements Shape {
    @Override
    public String expected() {
      return String.join(" or ", forms.stream().map(Shape::expected).distinct().toList());
    }
  }

  /** Whatever. */
  record Anything() implements Shape {
    @Override
    public String expected() {
      return "anything";
    }
  }
}
