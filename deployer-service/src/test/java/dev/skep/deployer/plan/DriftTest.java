package dev.skep.deployer.plan;

import static dev.skep.deployer.revision.SomeRevisions.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.plan.Drift.Item;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  @Test
  void tellsObjectsAndFieldsByName() {
    Drift drift =
        new Drift(
            List.of(
                new Item("network", "s_back", List.of()),
                new Item(
                    "service",
                    "web",
                    List.of("/TaskTemplate/ContainerSpec/Image", "/Labels/a~1b.c")),
                new Item("service", "worker", List.of())),
            List.of());

    assertThat(drift.text())
        .isEqualTo(
            "network s_back: gone; web: TaskTemplate.ContainerSpec.Image, Labels.a/b.c;"
                + " worker: gone");
    assertThat(drift.keys())
        .containsExactly(
            "network s_back",
            "web:/Labels/a~1b.c",
            "web:/TaskTemplate/ContainerSpec/Image",
            "worker");
  }

  @Test
  void tellsSomeOfMany() {
    List<String> fields = IntStream.range(0, 9).mapToObj(i -> "/Labels/l" + i).toList();
    List<Item> items =
        IntStream.range(0, 500).mapToObj(i -> new Item("service", "s" + i, fields)).toList();

    Drift drift = new Drift(items, List.of());

    assertThat(drift.text())
        .contains("Labels.l4 and 4 more; s1: ")
        .doesNotContain("l5")
        .endsWith(
            "; s4: Labels.l0, Labels.l1, Labels.l2, Labels.l3, Labels.l4 and 4 more and 495 more");
    assertThat(drift.keys()).hasSize(50);
  }

  @ParameterizedTest
  @CsvSource({
    "updating,           2026-11-22T09:59:00Z, true",
    "rollback_started,   2026-11-22T09:59:00Z, true",
    "updating,           2026-11-22T09:50:00Z, false",
    "updating,           '',                   false",
    "paused,             2026-11-22T09:59:00Z, false",
    "rollback_completed, 2026-11-22T09:59:00Z, false",
    "completed,          2026-11-22T09:59:00Z, false"
  })
  void anUpdateThatGoesOnIsWaitedForTenMinutes(String state, String since, boolean underway) {
    String service = "{'UpdateStatus':{'State':'%s','StartedAt':'%s'}}".formatted(state, since);

    assertThat(Underway.is(json(service), NOW)).isEqualTo(underway);
    assertThat(Underway.is(json("{}"), NOW)).isFalse();
  }
}
