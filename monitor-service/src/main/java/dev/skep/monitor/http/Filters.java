package dev.skep.monitor.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/** The usual filters. */
final class Filters {
  private Filters() {}

  /** The property equals the value. */
  static <T> Listing.Filter<T> equal(Function<T, String> property) {
    return value -> item -> value.equals(property.apply(item));
  }

  /** One of the properties equals the value: an id or a name. */
  static <T> Listing.Filter<T> any(List<Function<T, String>> properties) {
    return value -> item -> properties.stream().anyMatch(p -> Objects.equals(p.apply(item), value));
  }

  /** The property is the constant of this name, whatever its case. */
  static <T, E extends Enum<E>> Listing.Filter<T> constant(Class<E> type, Function<T, E> property) {
    return value -> {
      E wanted =
          Arrays.stream(type.getEnumConstants())
              .filter(c -> c.name().equalsIgnoreCase(value))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("use one of " + names(type)));
      return item -> property.apply(item) == wanted;
    };
  }

  /** The predicate's answer is the value: true or false. */
  static <T> Listing.Filter<T> flag(Predicate<T> predicate) {
    return value -> {
      if (!value.equals("true") && !value.equals("false")) {
        throw new IllegalArgumentException("use true or false");
      }
      boolean wanted = Boolean.parseBoolean(value);
      return item -> predicate.test(item) == wanted;
    };
  }

  private static <E extends Enum<E>> List<String> names(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(c -> c.name().toLowerCase(Locale.ROOT))
        .toList();
  }
}
