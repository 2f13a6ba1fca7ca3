package dev.skep.edgeconfig.routing;

import static dev.skep.edgeconfig.Cluster.labels;
import static dev.skep.edgeconfig.Cluster.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.edgeconfig.Cluster;
import dev.skep.model.edge.Route;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConflictTest {
  private static final String RULE = "traefik.http.routers.%s.rule";

  @Test
  void theIncumbentKeepsItsNameAndTheNewcomerIsToldWhoHasIt() {
    Cluster cluster = new Cluster().with("z-first", web("shop", "first.example"));
    RoutingTable before = cluster.compile();
    cluster.with("a-second", web("shop", "second.example"));

    RoutingTable table = cluster.compile(before);

    assertThat(table.routes().get("shop").serviceId()).isEqualTo("z-first");
    Route newcomer = table.routes().get("shop@a-second");
    assertThat(newcomer.accepted()).isFalse();
    assertThat(newcomer.conditions().getFirst().reason()).isEqualTo("RouterNameTaken");
    assertThat(newcomer.conditions().getFirst().message()).contains("'z-first'");
    assertThat(table.backends().get("shop").serviceId()).isEqualTo("z-first");
  }

  @Test
  void theIncumbentKeepsItsHostAndPath() {
    Cluster cluster = new Cluster().with("z-first", web("one", "shop.example"));
    RoutingTable before = cluster.compile();
    cluster.with("a-second", web("two", "shop.example"));

    RoutingTable table = cluster.compile(before);

    assertThat(table.routes().get("one").accepted()).isTrue();
    assertThat(table.routes().get("two").accepted()).isFalse();
    assertThat(table.routes().get("two").conditions().getFirst().reason()).isEqualTo("RuleTaken");
    assertThat(table.routes().get("two").conditions().getFirst().message())
        .contains("shop.example on web", "router 'one' of service 'z-first'");
  }

  @Test
  void aHostHiddenInALongerRuleIsTakenToo() {
    Cluster cluster = new Cluster().with("z-first", web("one", "shop.example"));
    RoutingTable before = cluster.compile();
    String rule = "(Host(`other.example`) || Host(`shop.example`)) && PathPrefix(`/`)";
    cluster.with("a-second", labels("two", RULE.formatted("two"), rule));

    RoutingTable table = cluster.compile(before);

    assertThat(table.routes().get("two").conditions().getFirst().reason()).isEqualTo("RuleTaken");
  }

  @Test
  void anotherPathOfTheSameHostIsNoConflict() {
    String rule = "Host(`shop.example`) && PathPrefix(`/api`)";
    RoutingTable table =
        new Cluster()
            .with("first", web("one", "shop.example"))
            .with("second", labels("two", RULE.formatted("two"), rule))
            .compile();
    assertThat(table.routes().values()).allMatch(Route::accepted);
  }

  @Test
  void theSameRuleOnAnotherEntryPointIsNoConflict() {
    Map<String, String> plain = web("one", "shop.example");
    plain.put("traefik.http.routers.one.entrypoints", "web");
    Map<String, String> secure = web("two", "shop.example");
    secure.put("traefik.http.routers.two.entrypoints", "websecure");
    RoutingTable table = new Cluster().with("first", plain).with("second", secure).compile();
    assertThat(table.routes().values()).allMatch(Route::accepted);
  }

  @Test
  void aRedirectTakesThePlainEntryPointToo() {
    Map<String, String> secure = web("two", "shop.example");
    secure.put("traefik.http.routers.two.entrypoints", "websecure");
    secure.put("traefik.http.routers.two.middlewares", "m");
    secure.put("traefik.http.middlewares.m.redirectscheme.scheme", "https");
    Map<String, String> plain = web("one", "shop.example");
    plain.put("traefik.http.routers.one.entrypoints", "web");
    RoutingTable table = new Cluster().with("a-first", secure).with("b-second", plain).compile();
    assertThat(table.routes().get("two").accepted()).isTrue();
    assertThat(table.routes().get("one").conditions().getFirst().reason()).isEqualTo("RuleTaken");
  }

  @Test
  void oneServiceMayServeOneRuleByTwoRouters() {
    Map<String, String> labels = web("one", "shop.example");
    labels.put("traefik.http.routers.secure.rule", "Host(`shop.example`)");
    labels.put("traefik.http.routers.secure.tls", "true");
    RoutingTable table = new Cluster().with("first", labels).compile();
    assertThat(table.routes().values()).hasSize(2).allMatch(Route::accepted);
  }

  @Test
  void whenTheIncumbentGoesTheNewcomerIsAccepted() {
    Cluster cluster = new Cluster().with("first", web("shop", "shop.example"));
    RoutingTable before = cluster.compile();
    RoutingTable contested = cluster.with("second", web("shop", "shop.example")).compile(before);

    RoutingTable table = cluster.without("first").compile(contested);

    assertThat(table.routes()).containsOnlyKeys("shop");
    assertThat(table.routes().get("shop").serviceId()).isEqualTo("second");
    assertThat(table.routes().get("shop").accepted()).isTrue();
    assertThat(table.backends().get("shop").serviceId()).isEqualTo("second");
  }

  @Test
  void whenTheIncumbentChangesItsRuleTheNewcomerIsAccepted() {
    Cluster cluster = new Cluster().with("first", web("one", "shop.example"));
    RoutingTable before = cluster.compile();
    RoutingTable contested = cluster.with("second", web("two", "shop.example")).compile(before);

    RoutingTable table = cluster.with("first", web("one", "new.example")).compile(contested);

    assertThat(table.routes().values()).hasSize(2).allMatch(Route::accepted);
  }

  @Test
  void aBrokenIncumbentKeepsItsNameButNotItsRule() {
    Cluster cluster = new Cluster().with("z-first", web("one", "shop.example"));
    RoutingTable before = cluster.compile();
    cluster.with("z-first", labels("one", RULE.formatted("one"), "Host(`shop.example`) &&"));
    cluster.with("a-second", web("two", "shop.example"));
    cluster.with("a-third", web("one", "third.example"));

    RoutingTable table = cluster.compile(before);

    assertThat(table.routes().get("one").serviceId()).isEqualTo("z-first");
    assertThat(table.routes().get("one").accepted()).isFalse();
    assertThat(table.routes().get("two").accepted()).isTrue();
    assertThat(table.routes().get("one@a-third").accepted()).isFalse();
  }

  @Test
  void aLoadBalancersNameIsTakenToo() {
    Map<String, String> second = labels("shop", RULE.formatted("two"), "Host(`two.example`)");
    RoutingTable table =
        new Cluster()
            .with("a-first", web("shop", "one.example"))
            .with("b-second", second)
            .compile();
    assertThat(table.routes().get("two").conditions().getFirst().reason())
        .isEqualTo("ServiceNameTaken");
    assertThat(table.backends().get("shop").serviceId()).isEqualTo("a-first");
  }

  @Test
  void aRouterMayLeadToAnotherServicesLoadBalancer() {
    Map<String, String> second =
        Map.of(
            "traefik.enable", "true",
            "traefik.http.routers.alias.rule", "Host(`alias.example`)",
            "traefik.http.routers.alias.service", "shop@docker");
    RoutingTable table =
        new Cluster()
            .with("a-second", second)
            .with("b-first", web("shop", "one.example"))
            .compile();
    assertThat(table.routes().get("alias").accepted()).isTrue();
    assertThat(table.routes().get("alias").backend()).isEqualTo("shop");
  }

  @Test
  void anotherDefinitionOfAMiddlewareIsRefusedAndAnEqualOneIsNot() {
    String scheme = "traefik.http.middlewares.m.redirectscheme.scheme";
    String permanent = "traefik.http.middlewares.m.redirectscheme.permanent";
    String uses = "traefik.http.routers.%s.middlewares";
    Map<String, String> first = web("one", "one.example");
    first.putAll(Map.of(scheme, "https", uses.formatted("one"), "m"));
    Map<String, String> equal = web("two", "two.example");
    equal.putAll(Map.of(scheme, "https", uses.formatted("two"), "m"));
    Map<String, String> other = web("three", "three.example");
    other.putAll(Map.of(scheme, "https", permanent, "true", uses.formatted("three"), "m"));
    RoutingTable table = new Cluster().with("a", first).with("b", equal).with("c", other).compile();
    assertThat(table.routes().get("one").accepted()).isTrue();
    assertThat(table.routes().get("two").accepted()).isTrue();
    assertThat(table.routes().get("three").conditions().getFirst().reason())
        .isEqualTo("MiddlewareNameTaken");
  }

  @Test
  void compilingTheResultAgainChangesNothing() {
    Cluster cluster =
        new Cluster()
            .with("first", web("shop", "shop.example"))
            .with("second", web("shop", "shop.example"))
            .with("third", web("other", "shop.example"));
    RoutingTable once = cluster.compile();
    assertThat(cluster.compile(once)).isEqualTo(once);
  }
}
