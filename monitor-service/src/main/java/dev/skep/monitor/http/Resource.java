package dev.skep.monitor.http;

import dev.skep.runtime.http.ProblemException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One kind of thing under {@code /api}.
 *
 * @param name in the path: {@code nodes}
 * @param values all of them, now
 * @param ids what one may be asked for by, the real id first
 * @param listing filters and order
 * @param view what is written for one of them
 */
record Resource<T>(
    String name,
    Supplier<Stream<T>> values,
    List<Function<T, String>> ids,
    Listing<T> listing,
    Function<T, Object> view) {

  /**
   * The one with this id, else with this name.
   *
   * @throws ProblemException 404
   */
  T find(String id) {
    for (Function<T, String> property : ids) {
      T found =
          values.get().filter(v -> Objects.equals(property.apply(v), id)).findFirst().orElse(null);
      if (found != null) {
        return found;
      }
    }
    throw new ProblemException(
        404,
        "Not found",
        "there is no '" + id + "' in " + name + "; GET /api/" + name + " lists them");
  }
}
