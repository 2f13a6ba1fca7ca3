package dev.skep.edgeconfig.routing;

import static dev.skep.edgeconfig.Cluster.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.edgeconfig.Cluster;
import dev.skep.model.Codecs;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever stands in labels: it never fails, never harms others, and never leaves its quotes. */
class AnyLabelsTest {
  private static final List<String> KEYS =
      List.of(
          "traefik.enable",
          "traefik.swarm.network",
          "traefik.http.routers.a.rule",
          "traefik.http.routers.a.entrypoints",
          "traefik.http.routers.a.priority",
          "traefik.http.routers.a.service",
          "traefik.http.routers.a.tls",
          "traefik.http.routers.a.tls.domains[0].main",
          "traefik.http.routers.a.tls.certresolver",
          "traefik.http.routers.a.middlewares",
          "traefik.http.routers.b.rule",
          "traefik.http.middlewares.m.redirectscheme.scheme",
          "traefik.http.middlewares.m.basicauth.users",
          "traefik.http.services.a.loadbalancer.server.port",
          "traefik.http.services.b.loadbalancer.server.port",
          "traefik.http.services.a.loadbalancer.server.scheme",
          "traefik.tcp.routers.t.rule",
          "traefik.",
          "traefik..",
          "traefik.http",
          "traefik.http.routers.",
          "traefik.http.routers..rule");
  private static final List<String> VALUES =
      List.of(
          "true",
          "80",
          "https",
          "web,websecure",
          "Host(`a.example`)",
          "Host(`victim.example`)",
          "Host(`a.example`) || PathPrefix(`/x`)",
          "m",
          "a",
          "skep-edge",
          "",
          " ",
          ",",
          "a\nserver evil 6.6.6.6:80",
          "`\"'\\ \u0000\uD800",
          "99999999999999999999");

  @Test
  void noLabelsFailOrHarmAnotherService() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RoutingTable before = new Cluster().with("victim", web("victim", "victim.example")).compile();
    Route victim = before.routes().get("victim");
    for (int i = 0; i < 5000; i++) {
      Map<String, String> labels = labels(random);
      Cluster cluster = new Cluster().with("victim", web("victim", "victim.example"));

      RoutingTable table = cluster.with("a-attacker", labels).compile(before);

      assertThat(table.routes().get("victim")).as("seed %d, %s", seed, labels).isEqualTo(victim);
      assertThat(table.backends().get("victim"))
          .as("seed %d, %s", seed, labels)
          .isEqualTo(before.backends().get("victim"));
      for (RoutingEntry entry : table.entries()) {
        assertThat(entry.key()).as("seed %d, %s", seed, labels).matches("[A-Za-z0-9_@./-]+");
        if (!(entry instanceof Route r) || r.accepted()) {
          String json =
              new String(Codecs.ROUTES.write(entry), java.nio.charset.StandardCharsets.UTF_8);
          assertThat(json).as("seed %d, %s", seed, labels).doesNotContain("\\", "evil", "`");
        }
      }
    }
  }

  private static Map<String, String> labels(Random random) {
    Map<String, String> labels = new HashMap<>();
    if (random.nextInt(10) > 0) {
      labels.put("traefik.enable", "true");
    }
    int count = random.nextInt(12);
    for (int i = 0; i < count; i++) {
      labels.put(key(random), VALUES.get(random.nextInt(VALUES.size())));
    }
    return labels;
  }

  private static String key(Random random) {
    String key = KEYS.get(random.nextInt(KEYS.size()));
    if (random.nextInt(8) > 0) {
      return key;
    }
    StringBuilder bent = new StringBuilder(key);
    bent.setCharAt(random.nextInt(bent.length()), "x.[ \n@\u00e9".charAt(random.nextInt(7)));
    return bent.toString();
  }
}
