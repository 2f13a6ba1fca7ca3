package dev.skep.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RefusalsTest {
  private static final Refused REFUSED = new Refused("content", "reason");
  private final Refusals refusals = new Refusals();

  @Test
  void what_exists_stays_refused() {
    refusals.add(Map.of("route/a", REFUSED));

    Map<String, Refused> refused = refusals.among(Set.of("route/a", "route/b"));

    assertThat(refused).containsOnly(Map.entry("route/a", REFUSED));
  }

  @Test
  void a_key_that_is_gone_is_forgotten_even_if_it_comes_back() {
    refusals.add(Map.of("route/a", REFUSED, "certificate/b", REFUSED));
    refusals.among(Set.of("certificate/b"));

    Map<String, Refused> refused = refusals.among(Set.of("route/a", "certificate/b"));

    assertThat(refused).containsOnlyKeys("certificate/b");
  }
}
