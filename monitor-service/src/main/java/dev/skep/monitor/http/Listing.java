package dev.skep.monitor.http;

import dev.skep.runtime.http.ProblemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A list of one kind of record: its filters, its order, its pages. Pure.
 *
 * @param <T> the record
 */
public final class Listing<T> {
  /** The most that one answer holds. */
  public static final int MAX_LIMIT = 10_000;

  /** Makes a predicate of a query parameter's value. */
  @FunctionalInterface
  public interface Filter<T> {
    /**
     * Reads the value.
     *
     * @throws IllegalArgumentException if it is none that can be; the message says what can be
     */
    Predicate<T> parse(String value);
  }

  /**
   * A page of a list.
   *
   * @param total how many matched, on all pages
   * @param next the offset of the next page; -1 if this is the last
   */
  public record Page<T>(List<T> items, int total, int offset, int limit, int next) {}

  private final Comparator<T> order;
  private final int defaultLimit;
  private final Map<String, Filter<T>> filters = new LinkedHashMap<>();

  /** Without filters. */
  public Listing(Comparator<T> order, int defaultLimit) {
    this.order = order;
    this.defaultLimit = defaultLimit;
  }

  /** Adds a filter by query parameter. */
  public Listing<T> filter(String name, Filter<T> filter) {
    filters.put(name, filter);
    return this;
  }

  /**
   * The page that a query asks for.
   *
   * @param query names to values; one that is not known is an error, because ignoring it would
   *     answer another question than was asked
   * @throws ProblemException 400, saying what is accepted
   */
  public Page<T> page(Stream<T> values, List<Map.Entry<String, String>> query) {
    List<Predicate<T>> predicates = new ArrayList<>();
    int limit = defaultLimit;
    int offset = 0;
    for (Map.Entry<String, String> parameter : query) {
      String name = parameter.getKey();
      String value = parameter.getValue();
      switch (name) {
        case "limit" -> limit = number(name, value, 1, MAX_LIMIT);
        case "offset" -> offset = number(name, value, 0, Integer.MAX_VALUE);
        default -> predicates.add(predicate(name, value));
      }
    }
    List<T> matching =
        values.filter(v -> predicates.stream().allMatch(p -> p.test(v))).sorted(order).toList();
    int from = Math.min(offset, matching.size());
    int to = (int) Math.min((long) from + limit, matching.size());
    return new Page<>(
        matching.subList(from, to), matching.size(), offset, limit, to < matching.size() ? to : -1);
  }

  private Predicate<T> predicate(String name, String value) {
    Filter<T> filter = filters.get(name);
    if (filter == null) {
      TreeSet<String> accepted = new TreeSet<>(filters.keySet());
      accepted.add("limit");
      accepted.add("offset");
      throw bad("unknown query parameter '" + name + "'; accepted are " + accepted);
    }
    try {
      return filter.parse(value);
    } catch (IllegalArgumentException e) {
      throw bad(name + "='" + value + "': " + e.getMessage());
    }
  }

  private static int number(String name, String value, int min, int max) {
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, together with what is out of range.
    }
    throw bad(name + "='" + value + "': use a whole number from " + min + " to " + max);
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(400, "Bad query", detail);
  }
}
