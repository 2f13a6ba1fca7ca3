package dev.skep.cert.policy;

import static dev.skep.cert.policy.Some.BOTH;
import static dev.skep.cert.policy.Some.INTERNAL_ONLY;
import static dev.skep.cert.policy.Some.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.cert.policy.Wanted.Choice;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.Rule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WantedCertificatesTest {
  private static final NamePolicy PUBLIC = new NamePolicy(NamePolicy.RESERVED);

  @Test
  void each_name_of_a_route_with_tls_wants_one_certificate() {
    Rule rule = new Rule.Or(List.of(new Rule.Host("a.eu"), new Rule.Host("b.eu")));
    Route route = route("r", rule, new Route.Tls(null, List.of()), true);

    Map<String, Wanted> wanted = WantedCertificates.of(List.of(route), BOTH, PUBLIC);

    assertThat(wanted).containsOnlyKeys("a.eu", "b.eu");
    assertThat(wanted.get("a.eu").issuer()).isEqualTo("acme");
  }

  @Test
  void a_route_that_is_not_accepted_or_has_no_tls_wants_none() {
    Route refused = route("r1", new Rule.Host("a.eu"), new Route.Tls(null, List.of()), false);
    Route plain = route("r2", new Rule.Host("b.eu"), null, true);

    Map<String, Wanted> wanted = WantedCertificates.of(List.of(refused, plain), BOTH, PUBLIC);

    assertThat(wanted).isEmpty();
  }

  @Test
  void an_unknown_resolver_means_the_default_issuer_and_says_so() {
    Route route = route("r", "a.eu", "letsencrypt");

    Wanted wanted = WantedCertificates.of(List.of(route), BOTH, PUBLIC).get("a.eu");

    assertThat(wanted.issuer()).isEqualTo("acme");
    assertThat(wanted.choice()).isEqualTo(Choice.UNKNOWN_RESOLVER);
    assertThat(wanted.explanation()).contains("letsencrypt", "acme, internal");
  }

  @Test
  void a_configured_resolver_is_used() {
    Route route = route("r", "a.eu", "internal");

    Wanted wanted = WantedCertificates.of(List.of(route), BOTH, PUBLIC).get("a.eu");

    assertThat(wanted.issuer()).isEqualTo("internal");
    assertThat(wanted.choice()).isEqualTo(Choice.AS_ASKED);
  }

  @Test
  void routes_that_disagree_get_the_first_ones_issuer_and_are_told() {
    List<Route> routes = List.of(route("r2", "a.eu", "acme"), route("r1", "a.eu", "internal"));

    Wanted wanted = WantedCertificates.of(routes, BOTH, PUBLIC).get("a.eu");

    assertThat(wanted.issuer()).isEqualTo("internal");
    assertThat(wanted.choice()).isEqualTo(Choice.CONFLICTING_RESOLVERS);
    assertThat(wanted.routes()).containsExactly("r1", "r2");
  }

  @Test
  void a_name_that_no_public_ca_issues_goes_to_the_internal_ca_even_when_acme_is_asked_for() {
    Route route = route("r", "whoami.localhost", "acme");

    Wanted wanted = WantedCertificates.of(List.of(route), BOTH, PUBLIC).get("whoami.localhost");

    assertThat(wanted.issuer()).isEqualTo("internal");
    assertThat(wanted.choice()).isEqualTo(Choice.INTERNAL_ONLY_NAME);
  }

  @Test
  void a_private_directory_gets_such_a_name() {
    Route route = route("r", "whoami.localhost", null);

    Wanted wanted =
        WantedCertificates.of(List.of(route), BOTH, NamePolicy.OPEN).get("whoami.localhost");

    assertThat(wanted.issuer()).isEqualTo("acme");
  }

  @Test
  void a_wildcard_is_refused_for_acme_and_issued_by_the_internal_ca() {
    Route route = route("r", new Rule.Host("a.eu"), new Route.Tls(null, List.of("*.a.eu")), true);

    Wanted byAcme = WantedCertificates.of(List.of(route), BOTH, PUBLIC).get("*.a.eu");
    Wanted internal = WantedCertificates.of(List.of(route), INTERNAL_ONLY, PUBLIC).get("*.a.eu");

    assertThat(byAcme.refusal()).contains("wildcard", "http-01");
    assertThat(internal.refusal()).isNull();
  }

  @Test
  void a_bad_name_is_refused_and_the_others_are_not() {
    Route route =
        route("r", new Rule.Host("a.eu"), new Route.Tls(null, List.of("a..eu", "b.eu")), true);

    Map<String, Wanted> wanted = WantedCertificates.of(List.of(route), BOTH, PUBLIC);

    assertThat(wanted.get("a..eu").refusal()).isNotNull();
    assertThat(wanted.get("b.eu").refusal()).isNull();
  }
}
