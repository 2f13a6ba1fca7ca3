package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Shape.Keys;
import dev.skep.deployer.compose.Shape.Leaf;
import dev.skep.deployer.compose.Shape.ListOf;
import dev.skep.deployer.compose.Shape.MapOf;
import dev.skep.deployer.compose.Shape.OneOf;
import dev.skep.deployer.compose.Shape.ScalarType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The shapes that are common to all parts of a file, and what makes shapes. */
final class Shapes {
  static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]+");

  static final Pattern ANY = Pattern.compile(".+", Pattern.DOTALL);

  static final Shape TEXT = leaf("a string (put it in quotes)", ScalarType.TEXT);

  static final Shape WHOLE = leaf("a whole number", ScalarType.WHOLE);

  static final Shape NUMBER = leaf("a number", ScalarType.WHOLE, ScalarType.REAL);

  static final Shape FLAG = leaf("true or false", ScalarType.FLAG);

  static final Shape TIME = leaf("a duration such as \"1m30s\"", ScalarType.TEXT);

  static final Shape TEXT_OR_NUMBER =
      leaf("a string or a number", ScalarType.TEXT, ScalarType.WHOLE, ScalarType.REAL);

  static final Shape ENTRY =
      leaf(
          "a string, a number or empty (put it in quotes)",
          ScalarType.TEXT,
          ScalarType.WHOLE,
          ScalarType.REAL,
          ScalarType.NULL);

  static final Shape TEXT_OR_WHOLE =
      leaf("a string or a whole number", ScalarType.TEXT, ScalarType.WHOLE);

  /** Whose order and repetitions mean something. */
  static final Shape WORDS = new ListOf(TEXT, false);

  static final Shape TEXT_OR_WORDS = new OneOf(List.of(TEXT, WORDS));

  static final Shape TEXTS = new ListOf(TEXT, true);

  static final Shape TEXT_OR_TEXTS = new OneOf(List.of(TEXT, TEXTS));

  static final Shape ENTRIES = new OneOf(List.of(new MapOf(ANY, ENTRY), TEXTS));

  static final Shape OPTIONS = new MapOf(ANY, TEXT_OR_NUMBER);

  private Shapes() {}

  static Shape leaf(String expected, ScalarType... types) {
    return new Leaf(Set.of(types), List.of(), expected);
  }

  static Shape oneOf(String... values) {
    return new Leaf(
        Set.of(ScalarType.TEXT), List.of(values), "one of " + String.join(", ", values));
  }

  /** The same, where "" is as good as nothing. */
  static Shape oneOfOrEmpty(String... values) {
    return new Leaf(
        Set.of(ScalarType.TEXT),
        Stream.concat(Arrays.stream(values), Stream.of("")).toList(),
        "one of " + String.join(", ", values));
  }

  static Shape keys(Map<String, Shape> keys) {
    return keys(keys, Map.of());
  }

  static Shape keys(Map<String, Shape> keys, Map<String, String> refused) {
    return new Keys(keys, Set.of(), refused, true);
  }

  static Shape nullable(Shape shape) {
    return new OneOf(List.of(shape, leaf("empty", ScalarType.NULL)));
  }
}
