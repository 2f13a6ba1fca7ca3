package dev.skep.edgeconfig.routing;

import static dev.skep.edgeconfig.Cluster.labels;
import static dev.skep.edgeconfig.Cluster.service;
import static dev.skep.edgeconfig.Cluster.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.edgeconfig.Cluster;
import dev.skep.model.Condition;
import dev.skep.model.cluster.Service;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.Rule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LabelsToRoutesTest {
  private static final String ROUTER = "traefik.http.routers.shop.";
  private static final String RULE = ROUTER + "rule";
  private static final String HOST = "Host(`shop.example`)";

  @Test
  void aRuleAndAPortMakeARouteAndABackend() {
    RoutingTable table = new Cluster().with("shop-1", web("shop", "shop.example")).compile();

    assertThat(table.routes()).containsOnlyKeys("shop");
    assertThat(table.routes().get("shop"))
        .isEqualTo(
            new Route(
                "shop",
                "shop-1",
                "shop-1",
                new Rule.Host("shop.example"),
                HOST.length(),
                List.of("web", "websecure"),
                null,
                false,
                "shop",
                List.of(Condition.isTrue("Accepted", "Accepted", "", Cluster.NOW))));
    assertThat(table.backends())
        .containsExactly(Map.entry("shop", new Backend("shop", "shop-1", "http", true, List.of())));
  }

  @Test
  void keysAreTakenInAnyLetterCase() {
    Map<String, String> labels =
        Map.of(
            "Traefik.Enable", "true",
            "TRAEFIK.HTTP.Routers.shop.Rule", HOST,
            "traefik.http.routers.shop.entryPoints", "WebSecure",
            "traefik.http.services.shop.LoadBalancer.Server.Port", "8080");
    RoutingTable table = new Cluster().with("shop-1", labels).compile();
    assertThat(table.routes().get("shop").accepted()).isTrue();
    assertThat(table.routes().get("shop").entryPoints()).containsExactly("websecure");
  }

  @Test
  void tlsDomainsAndResolverAreTaken() {
    Route route =
        only(
            labels(
                "shop",
                RULE,
                HOST,
                ROUTER + "entrypoints",
                "websecure",
                ROUTER + "tls.certResolver",
                "le",
                ROUTER + "tls.domains[0].main",
                "shop.example",
                ROUTER + "tls.domains[0].sans",
                "www.shop.example, *.cdn.shop.example",
                ROUTER + "tls.domains[1].main",
                "BÜCHER.example"));
    assertThat(route.tls())
        .isEqualTo(
            new Route.Tls(
                "le",
                List.of(
                    "shop.example",
                    "www.shop.example",
                    "*.cdn.shop.example",
                    "xn--bcher-kva.example")));
    assertThat(route.accepted()).isTrue();
  }

  @Test
  void tlsWithoutDomainsCoversTheRulesHosts() {
    Route route =
        only(labels("shop", RULE, "Host(`a.org`) || Host(`b.org`)", ROUTER + "tls", "true"));
    assertThat(route.certificateNames()).containsExactly("a.org", "b.org");
    assertThat(route.entryPoints()).containsExactly("web", "websecure");
  }

  @Test
  void aRouterOnWebsecureHasTlsWithoutSayingSo() {
    Route route = only(labels("shop", RULE, HOST, ROUTER + "entrypoints", "https"));
    assertThat(route.tls()).isEqualTo(new Route.Tls(null, List.of()));
  }

  @Test
  void aRedirectToHttpsIsAFieldOfTheRoute() {
    Route route =
        only(
            labels(
                "shop",
                RULE,
                HOST,
                ROUTER + "entrypoints",
                "web",
                ROUTER + "middlewares",
                "to-https@swarm",
                "traefik.http.middlewares.to-https.redirectscheme.scheme",
                "https",
                "traefik.http.middlewares.to-https.redirectscheme.permanent",
                "true"));
    assertThat(route.redirectToHttps()).isTrue();
    assertThat(route.accepted()).isTrue();
  }

  @Test
  void aMiddlewareMayBeDefinedByAnotherService() {
    RoutingTable table =
        new Cluster()
            .with("a-shop", labels("shop", RULE, HOST, ROUTER + "middlewares", "to-https"))
            .with(
                "z-proxy",
                Map.of(
                    "traefik.enable", "true",
                    "traefik.http.middlewares.to-https.redirectscheme.scheme", "https"))
            .compile();
    assertThat(table.routes()).containsOnlyKeys("shop");
    assertThat(table.routes().get("shop").accepted()).isTrue();
    assertThat(table.routes().get("shop").redirectToHttps()).isTrue();
  }

  @Test
  void anExplicitPriorityIsTakenAndZeroMeansUnset() {
    Route given = only(labels("shop", RULE, HOST, ROUTER + "priority", "1000"));
    Route zero = only(labels("shop", RULE, HOST, ROUTER + "priority", "0"));
    assertThat(given.priority()).isEqualTo(1000);
    assertThat(zero.priority()).isEqualTo(HOST.length());
  }

  @Test
  void aRouterWithoutARuleIsServedUnderTheServicesName() {
    Route route = only(service("Shop_web", labels("shop")));
    assertThat(route.id()).isEqualTo("Shop-web");
    assertThat(route.rule()).isEqualTo(new Rule.Host("shop-web"));
    assertThat(route.accepted()).isTrue();
  }

  @Test
  void anotherNetworkCanBeChosen() {
    Map<String, String> labels = web("shop", "shop.example");
    labels.put("traefik.docker.network", "shop_own");
    Route route = only(service("shop-1", labels, "net-own"));
    assertThat(route.accepted()).isTrue();
  }

  @Test
  void backendOptionsAreTaken() {
    Map<String, String> labels = web("shop", "shop.example");
    labels.put("traefik.http.services.shop.loadbalancer.server.scheme", "https");
    labels.put("traefik.http.services.shop.loadbalancer.passHostHeader", "false");
    RoutingTable table = new Cluster().with("shop-1", labels).compile();
    assertThat(table.backends().get("shop").scheme()).isEqualTo("https");
    assertThat(table.backends().get("shop").passHostHeader()).isFalse();
  }

  @Test
  void harmlessOptionsAreLeftOutAndNamed() {
    Map<String, String> labels = web("shop", "shop.example");
    labels.put("traefik.http.services.shop.loadbalancer.healthcheck.path", "/ping");
    Route route = only(labels);
    assertThat(route.accepted()).isTrue();
    assertThat(route.conditions())
        .filteredOn(c -> c.type().equals("Honoured"))
        .singleElement()
        .satisfies(
            c -> {
              assertThat(c.status()).isEqualTo(Condition.Status.FALSE);
              assertThat(c.message()).contains("healthcheck.path");
            });
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("notRouted")
  void servicesThatDoNotAskAreNotRouted(String why, Service service) {
    RoutingTable table = new Cluster().with(service).compile();
    assertThat(table.entries()).as(why).isEmpty();
  }

  static Stream<Arguments> notRouted() {
    Map<String, String> disabled = web("shop", "shop.example");
    disabled.put("traefik.enable", "false");
    Map<String, String> silent = web("shop", "shop.example");
    silent.remove("traefik.enable");
    return Stream.of(
        Arguments.of("no labels", service("a", Map.of())),
        Arguments.of("others' labels", service("a", Map.of("com.example", "1"))),
        Arguments.of("disabled", service("a", disabled)),
        Arguments.of("no enable", service("a", silent)));
  }

  @Test
  void exposedByDefaultRoutesWhoDoesNotSay() {
    Map<String, String> silent = web("shop", "shop.example");
    silent.remove("traefik.enable");
    RoutingTable table =
        RoutingTable.compile(
            new Cluster().with("shop-1", silent).view(),
            RoutingOptions.defaults().withExposedByDefault(true),
            RoutingTable.EMPTY,
            Cluster.NOW);
    assertThat(table.routes().get("shop").accepted()).isTrue();
  }

  record Refusal(String reason, String part, Service service) {
    @Override
    public String toString() {
      return reason + " (" + part + ")";
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void whatCannotBeHonouredIsNotServedAndSaysWhy(Refusal refusal) {
    RoutingTable table = new Cluster().with(refusal.service()).compile();
    assertThat(table.routes().values())
        .singleElement()
        .satisfies(
            route -> {
              assertThat(route.accepted()).isFalse();
              Condition c = route.conditions().getFirst();
              assertThat(c.reason()).isEqualTo(refusal.reason());
              assertThat(c.message()).contains(refusal.part());
            });
  }

  static Stream<Refusal> refusals() {
    Map<String, String> noPort = Map.of("traefik.enable", "true", RULE, HOST);
    Map<String, String> two =
        labels("one", RULE, HOST, "traefik.http.services.two.loadbalancer.server.port", "81");
    return Stream.of(
        bad("InvalidRule", "position", RULE, "Host(`a`"),
        bad("UnsupportedMatcher", "Method", RULE, "Method(`GET`)"),
        bad("UnsupportedWildcard", "*.a", RULE, "Host(`*.a.org`)"),
        bad("RuleNeverMatches", "||", RULE, "Host(`a`) && Host(`b`)"),
        bad("UnknownLabel", "did you mean entryPoints?", RULE, HOST, ROUTER + "entrypoint", "web"),
        bad("UnknownLabel", "did you mean middlewares?", RULE, HOST, ROUTER + "midlewares", "auth"),
        bad(
            "UnknownLabel",
            "did you mean loadbalancer.server.port?",
            RULE,
            HOST,
            "traefik.http.services.shop.loadbalancer.serverport",
            "80"),
        bad("UnknownLabel", "tls.domains[0].main", RULE, HOST, ROUTER + "tls.domains[0]", "a"),
        bad("UnknownEntryPoint", "metrics", RULE, HOST, ROUTER + "entrypoints", "web,metrics"),
        bad(
            "TlsOnPlainEntryPoint",
            "websecure",
            RULE,
            HOST,
            ROUTER + "entrypoints",
            "web",
            ROUTER + "tls",
            "true"),
        bad("InvalidLabel", "whole number", RULE, HOST, ROUTER + "priority", "high"),
        bad("InvalidLabel", "true or false", RULE, HOST, ROUTER + "tls", "yes"),
        bad(
            "InvalidLabel",
            "remove one",
            RULE,
            HOST,
            ROUTER + "tls",
            "false",
            ROUTER + "tls.certresolver",
            "le"),
        bad("InvalidLabel", "line break", RULE, HOST, ROUTER + "service", "a\nserver b"),
        bad("DuplicateLabel", "remove one", RULE, HOST, ROUTER + "Rule", "Host(`b`)"),
        bad(
            "InvalidValue",
            "tls.domains[0].main",
            RULE,
            HOST,
            ROUTER + "tls.domains[0].main",
            "a b"),
        bad("InvalidName", "certResolver", RULE, HOST, ROUTER + "tls.certresolver", "a b"),
        bad("InvalidName", "router name", "traefik.http.routers.a b.rule", HOST),
        bad("UnsupportedOption", "tls.options", RULE, HOST, ROUTER + "tls.options", "mtls@file"),
        bad("UnsupportedOption", "v3", RULE, HOST, ROUTER + "rulesyntax", "v2"),
        bad(
            "UnsupportedOption",
            "h2c",
            RULE,
            HOST,
            "traefik.http.services.shop.loadbalancer.server.scheme",
            "h2c"),
        bad(
            "UnsupportedOption",
            "server.url",
            RULE,
            HOST,
            "traefik.http.services.shop.loadbalancer.server.url",
            "http://x"),
        bad(
            "InvalidLabel",
            "1 to 65535",
            RULE,
            HOST,
            "traefik.http.services.shop.loadbalancer.server.port",
            "70000"),
        bad(
            "UnsupportedMiddleware",
            "basicAuth",
            RULE,
            HOST,
            ROUTER + "middlewares",
            "auth",
            "traefik.http.middlewares.auth.basicauth.users",
            "a:b"),
        bad("UnsupportedMiddleware", "provider", RULE, HOST, ROUTER + "middlewares", "a@file"),
        bad(
            "UnsupportedMiddleware",
            "https only",
            RULE,
            HOST,
            ROUTER + "middlewares",
            "r",
            "traefik.http.middlewares.r.redirectscheme.scheme",
            "http"),
        bad(
            "UnknownLabel",
            "did you mean basicAuth?",
            RULE,
            HOST,
            ROUTER + "middlewares",
            "auth",
            "traefik.http.middlewares.auth.basicaut.users",
            "a:b"),
        bad("UnknownMiddleware", "'auth'", RULE, HOST, ROUTER + "middlewares", "auth"),
        bad("UnknownService", "other", RULE, HOST, ROUTER + "service", "other"),
        bad("UnknownService", "provider", RULE, HOST, ROUTER + "service", "api@internal"),
        new Refusal("AmbiguousService", "one, two", service("a", two)),
        new Refusal("MissingPort", "loadbalancer.server.port=PORT", service("a", noPort)),
        new Refusal(
            "MissingPort",
            "services.a.loadbalancer",
            service("a", Map.of("traefik.enable", "true"))),
        new Refusal(
            "NotOnEdgeNetwork", "networks: [skep-edge]", service("a", web("shop", "a"), "net-db")),
        new Refusal(
            "NotOnEdgeNetwork",
            "did you mean traefik.swarm.network=shop_own",
            service("a", labels("shop", RULE, HOST, "traefik.swarm.network", "own"), "net-own")),
        new Refusal(
            "JobNotRouted", "job", service("a", Service.Mode.REPLICATED_JOB, web("shop", "a"))),
        new Refusal(
            "UnsupportedProtocol",
            "TCP",
            service(
                "a",
                Map.of("traefik.enable", "true", "traefik.tcp.routers.db.rule", "HostSNI(`*`)"))),
        new Refusal(
            "UnknownLabel", "traefik.enable", service("a", Map.of("traefik.enabled", "true"))),
        new Refusal(
            "InvalidLabel", "traefik.enable", service("a", Map.of("traefik.enable", "yes"))));
  }

  @Test
  void aBadLabelHarmsItsOwnRouteOnly() {
    Map<String, String> labels = web("shop", "shop.example");
    labels.put("traefik.http.routers.bad.rule", "Host(`");
    labels.put("traefik.htp.routers.worse.rule", "Host(`x`)");
    RoutingTable table =
        new Cluster().with("shop-1", labels).with("other", web("other", "other.example")).compile();
    Map<String, Boolean> accepted = new HashMap<>();
    table.routes().forEach((id, route) -> accepted.put(id, route.accepted()));
    assertThat(accepted)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("shop", true, "bad", false, "@shop-1", false, "other", true));
    assertThat(table.routes().get("@shop-1").conditions().getFirst().message())
        .contains("did you mean traefik.http.routers?");
  }

  private static Refusal bad(String reason, String part, String... labels) {
    return new Refusal(reason, part, service("a", labels("shop", labels)));
  }

  private static Route only(Map<String, String> labels) {
    return only(service("shop-1", labels));
  }

  private static Route only(Service service) {
    return new Cluster().with(service).compile().routes().values().iterator().next();
  }
}
