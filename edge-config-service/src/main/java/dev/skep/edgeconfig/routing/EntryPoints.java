package dev.skep.edgeconfig.routing;

import dev.skep.edgeconfig.labels.LabelProblem;
import dev.skep.edgeconfig.labels.Reason;
import dev.skep.edgeconfig.labels.RouterLabels;
import dev.skep.edgeconfig.labels.Suggestion;
import dev.skep.model.edge.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a router listens. On edges {@code web} is plain and {@code websecure} is TLS, so that a
 * router which names websecure has TLS without saying so (as with {@code http.tls} on Traefik's
 * entry point), and one that asks for TLS on web alone could never be reached.
 *
 * @param names the edges' own, in their order; never empty
 * @param tls null: without
 */
record EntryPoints(List<String> names, Route.Tls tls, List<LabelProblem> problems) {
  /** Where a route is in the way of others: a redirect answers plain requests in any case. */
  static Set<String> held(List<String> names, boolean redirectToHttps) {
    Set<String> held = new TreeSet<>(names);
    if (redirectToHttps) {
      held.add(RoutingOptions.WEB);
    }
    return held;
  }

  static EntryPoints of(RouterLabels router, Map<String, String> known) {
    if (router.entryPoints().isEmpty()) {
      return new EntryPoints(RoutingOptions.DEFAULT_ENTRY_POINTS, router.tls(), List.of());
    }
    List<LabelProblem> problems = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>();
    for (String written : router.entryPoints()) {
      String name = known.get(written.toLowerCase(Locale.ROOT));
      if (name != null) {
        names.add(name);
        continue;
      }
      problems.add(
          new LabelProblem(
              Reason.UNKNOWN_ENTRY_POINT,
              "router '%s' names the entry point '%s', edges have %s%s"
                  .formatted(
                      router.name(),
                      written.replaceAll("[^A-Za-z0-9_-]", "?"),
                      String.join(", ", new TreeSet<>(known.keySet())),
                      Suggestion.nearest(written, known.keySet())
                          .map(k -> "; did you mean " + k + "?")
                          .orElse(""))));
    }
    if (names.isEmpty()) {
      return new EntryPoints(RoutingOptions.DEFAULT_ENTRY_POINTS, router.tls(), problems);
    }
    boolean secure = names.contains(RoutingOptions.WEBSECURE);
    if (router.tls() != null && !secure) {
      problems.add(
          new LabelProblem(
              Reason.TLS_ON_PLAIN_ENTRY_POINT,
              "router '%s' asks for TLS but listens on %s only, which is plain HTTP: add websecure to its entryPoints, or remove its tls labels"
                  .formatted(router.name(), String.join(", ", names))));
    }
    Route.Tls tls = router.tls() == null && secure ? new Route.Tls(null, List.of()) : router.tls();
    return new EntryPoints(List.copyOf(names), tls, List.copyOf(problems));
  }
}
