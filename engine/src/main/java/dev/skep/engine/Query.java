package dev.skep.engine;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The query string of a call.
 *
 * @param parameters names to values, not yet encoded
 */
public record Query(Map<String, String> parameters) {
  private static final Query NONE = new Query(Map.of());

  public Query {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** No parameters. */
  public static Query none() {
    return NONE;
  }

  /** Names and values in turn. */
  public static Query of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a query needs a value for each name");
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Query(parameters);
  }

  /** The parameter {@code filters}; {@link #none()} if there are no filters. */
  public static Query of(Filters filters) {
    return none().and(filters);
  }

  /** This query and one more parameter; a null value adds nothing. */
  public Query and(String name, String value) {
    if (value == null) {
      return this;
    }
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(name, value);
    return new Query(more);
  }

  /** This query and {@code filters}, if there are any. */
  public Query and(Filters filters) {
    return filters.isEmpty() ? this : and("filters", filters.toJson());
  }

  /** The encoded form with its question mark; "" if there are no parameters. */
  String encoded() {
    if (parameters.isEmpty()) {
      return "";
    }
    StringJoiner joined = new StringJoiner("&", "?", "");
    parameters.forEach((name, value) -> joined.add(encode(name) + "=" + encode(value)));
    return joined.toString();
  }

  private static String encode(String s) {
    return URLEncoder.encode(s, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
