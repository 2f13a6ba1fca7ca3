package dev.skep.edge;

import static dev.skep.edge.Models.and;
import static dev.skep.edge.Models.host;
import static dev.skep.edge.Models.or;
import static dev.skep.edge.Models.path;
import static dev.skep.edge.Models.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.edge.Route;
import dev.skep.model.edge.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatchTableTest {
  @Test
  void a_longer_prefix_wins_only_where_its_priority_is_higher() {
    Route site = web("site", 50, host("a.test"));
    Route api = web("api", 20, and(host("a.test"), path("/api")));

    SortedMap<String, Route> table = MatchTable.of(List.of(site, api), EntryPoint.WEB);

    assertThat(served(table, "a.test", "/api/x")).isEqualTo("site");
    assertThat(table).hasSize(1);
  }

  @Test
  void a_route_without_a_host_wins_on_every_host_where_its_priority_is_higher() {
    Route site = web("site", 20, host("a.test"));
    Route health = web("health", 90, path("/health"));

    SortedMap<String, Route> table = MatchTable.of(List.of(site, health), EntryPoint.WEB);

    assertThat(served(table, "a.test", "/health")).isEqualTo("health");
    assertThat(served(table, "a.test", "/")).isEqualTo("site");
    assertThat(served(table, "b.test", "/healthy")).isEqualTo("health");
    assertThat(served(table, "b.test", "/")).isNull();
  }

  @Test
  void a_rule_that_no_request_can_match_has_no_entry() {
    Route never = web("never", 1, and(host("a.test"), host("b.test")));

    SortedMap<String, Route> table = MatchTable.of(List.of(never), EntryPoint.WEB);

    assertThat(table).isEmpty();
  }

  @Test
  void a_router_with_tls_answers_no_plain_request() {
    Route route = Models.secure("a", host("a.test"));

    SortedMap<String, Route> table = MatchTable.of(List.of(route), EntryPoint.WEB);

    assertThat(table).isEmpty();
  }

  /** Against the definition: of all routes that match, the one of highest priority. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void the_table_answers_as_priorities_do(long seed) {
    Random random = new Random(seed);
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      routes.add(web("r" + i, random.nextInt(8), rule(random, 3)));
    }

    SortedMap<String, Route> table = MatchTable.of(routes, EntryPoint.WEB);

    for (String h : List.of("a.test", "b.test", "c.test", "other.test")) {
      for (String p : List.of("/", "/a", "/a/b", "/a/bc", "/ab", "/x/y")) {
        assertThat(served(table, h, p))
            .as("seed %d, %s%s", seed, h, p)
            .isEqualTo(expected(routes, h, p));
      }
    }
  }

  private static Rule rule(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 2 : 4)) {
      case 0 -> host(List.of("a.test", "b.test", "c.test").get(random.nextInt(3)));
      case 1 -> path(List.of("/", "/a", "/a/", "/a/b", "/x").get(random.nextInt(5)));
      case 2 -> and(rule(random, depth - 1), rule(random, depth - 1));
      default -> or(rule(random, depth - 1), rule(random, depth - 1));
    };
  }

  private static String expected(List<Route> routes, String host, String path) {
    return routes.stream()
        .filter(r -> matches(r.rule(), host, path))
        .min(Comparator.comparingLong(Route::priority).reversed().thenComparing(Route::id))
        .map(Route::id)
        .orElse(null);
  }

  private static boolean matches(Rule rule, String host, String path) {
    return switch (rule) {
      case Rule.Host(String name) -> name.equals(host);
      case Rule.PathPrefix(String prefix) -> path.startsWith(prefix);
      case Rule.And(List<Rule> rules) -> rules.stream().allMatch(r -> matches(r, host, path));
      case Rule.Or(List<Rule> rules) -> rules.stream().anyMatch(r -> matches(r, host, path));
    };
  }

  /** As HAProxy looks it up. */
  private static String served(SortedMap<String, Route> table, String host, String path) {
    String found = longest(table, host + path);
    return found != null ? found : longest(table, path);
  }

  private static String longest(Map<String, Route> table, String key) {
    return table.keySet().stream()
        .filter(key::startsWith)
        .max(Comparator.comparingInt(String::length))
        .map(k -> table.get(k).id())
        .orElse(null);
  }
}
