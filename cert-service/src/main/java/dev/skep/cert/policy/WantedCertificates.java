package dev.skep.cert.policy;

import dev.skep.cert.policy.Wanted.Choice;
import dev.skep.model.edge.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * From routes to the certificates that they need: one for each name of an accepted route with TLS.
 *
 * <p>Users of Traefik write {@code certresolver=letsencrypt}, or whatever they called it there.
 * Such labels keep working: a resolver that is no issuer here means the default one, and the
 * certificate's condition says so.
 */
public final class WantedCertificates {
  private WantedCertificates() {}

  /** The certificates that {@code routes} need, by name. */
  public static Map<String, Wanted> of(
      Collection<Route> routes, Issuers issuers, NamePolicy policy) {
    Map<String, List<Route>> byName = new TreeMap<>();
    routes.stream()
        .filter(r -> r.accepted() && r.tls() != null)
        .sorted(Comparator.comparing(Route::id))
        .forEach(
            route -> {
              for (String name : route.certificateNames()) {
                byName
                    .computeIfAbsent(NamePolicy.normalize(name), n -> new ArrayList<>())
                    .add(route);
              }
            });
    Map<String, Wanted> wanted = new TreeMap<>();
    byName.forEach((name, asking) -> wanted.put(name, one(name, asking, issuers, policy)));
    return wanted;
  }

  private static Wanted one(String name, List<Route> asking, Issuers issuers, NamePolicy policy) {
    List<String> ids = asking.stream().map(Route::id).distinct().toList();
    List<String> resolvers =
        asking.stream()
            .map(r -> r.tls().resolver())
            .filter(r -> r != null && !r.isBlank())
            .distinct()
            .toList();
    List<String> known = resolvers.stream().filter(issuers.names()::contains).toList();
    String issuer = known.isEmpty() ? issuers.byDefault() : known.getFirst();
    Choice choice;
    String explanation = "";
    if (!issuer.equals(Issuers.INTERNAL) && policy.internalOnly(name)) {
      choice = Choice.INTERNAL_ONLY_NAME;
      explanation =
          "no public CA issues a certificate for %s: the internal CA does".formatted(name);
      issuer = Issuers.INTERNAL;
    } else if (known.size() > 1) {
      choice = Choice.CONFLICTING_RESOLVERS;
      explanation =
          "routes %s ask for different issuers (%s): %s is used; let them agree"
              .formatted(ids, String.join(", ", known), issuer);
    } else if (known.isEmpty() && !resolvers.isEmpty()) {
      choice = Choice.UNKNOWN_RESOLVER;
      explanation =
          "'%s' is no issuer here: the default one, %s, is used; the issuers are %s"
              .formatted(resolvers.getFirst(), issuer, issuers.listed());
    } else {
      choice = known.isEmpty() ? Choice.DEFAULT : Choice.AS_ASKED;
    }
    return new Wanted(name, issuer, choice, explanation, refusal(name, issuer), ids);
  }

  private static String refusal(String name, String issuer) {
    return NamePolicy.problem(name)
        .map(problem -> "'" + name + "' is not a name for a certificate: " + problem)
        .orElseGet(
            () ->
                name.startsWith("*.") && !issuer.equals(Issuers.INTERNAL)
                    ? ("the CA gives no wildcard to http-01, the only challenge that is answered"
                            + " here: name the hosts, or use the issuer '%s'")
                        .formatted(Issuers.INTERNAL)
                    : null);
  }
}
