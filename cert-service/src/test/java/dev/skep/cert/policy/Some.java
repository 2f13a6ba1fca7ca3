package dev.skep.cert.policy;

import dev.skep.model.Condition;
import dev.skep.model.Sealed;
import dev.skep.model.cert.Certificate;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Values for tests. */
final class Some {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final String EDGE_KEY = "edge-1";
  static final Issuers BOTH = new Issuers(Set.of("internal", "acme"), "acme");
  static final Issuers INTERNAL_ONLY = new Issuers(Set.of("internal"), "internal");

  private Some() {}

  static Route route(String id, String host, String resolver) {
    return route(id, new Rule.Host(host), new Route.Tls(resolver, List.of()), true);
  }

  static Route route(String id, Rule rule, Route.Tls tls, boolean accepted) {
    Condition condition =
        accepted
            ? Condition.isTrue(Route.ACCEPTED, "Accepted", "", NOW)
            : Condition.isFalse(Route.ACCEPTED, "Conflict", "", NOW);
    return new Route(
        id, "s1", "svc", rule, 1, List.of("websecure"), tls, false, "b", List.of(condition));
  }

  static Wanted wanted(String name, String issuer) {
    return new Wanted(name, issuer, Wanted.Choice.DEFAULT, "", null, List.of("r"));
  }

  static Certificate issued(String name, String issuer, Instant at, Duration lifetime) {
    return Records.issued(
        Records.fresh(wanted(name, issuer)),
        new Issued("PEM", new Sealed(EDGE_KEY, "c"), "f1", "01", at, at.plus(lifetime)),
        at);
  }
}
