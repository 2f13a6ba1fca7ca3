package dev.skep.deployer.heal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.apply.Heal;
import dev.skep.deployer.plan.Drift;
import dev.skep.deployer.plan.Drift.Item;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Drift IMAGE =
      new Drift(
          List.of(new Item("service", "web", List.of("/TaskTemplate/ContainerSpec/Image"))),
          List.of());

  private static Decision after(PastHeal last) {
    return Decision.of(IMAGE, Heal.RESTORE, false, Optional.of(last), NOW);
  }

  private static PastHeal healed(Duration ago, int attempt, String... keys) {
    return new PastHeal(NOW.minus(ago), attempt, false, Set.of(keys));
  }

  private static String key() {
    return IMAGE.keys().iterator().next();
  }

  @Test
  void whatIsOnlyReportedIsNotRestored() {
    assertThat(Decision.of(IMAGE, Heal.REPORT, false, Optional.empty(), NOW))
        .isInstanceOf(Decision.Report.class);
  }

  @Test
  void theDeployersOwnStackIsNotRestored() {
    assertThat(Decision.of(IMAGE, Heal.RESTORE, true, Optional.empty(), NOW))
        .isInstanceOf(Decision.Report.class);
  }

  @Test
  void whatHasNotBeenRestoredBeforeIsRestoredAtOnce() {
    assertThat(Decision.of(IMAGE, Heal.RESTORE, false, Optional.empty(), NOW))
        .isEqualTo(new Decision.Restore(1));
  }

  @Test
  void anotherFieldIsRestoredAtOnce() {
    assertThat(after(healed(Duration.ZERO, 5, "web:/Mode/Replicated/Replicas", "worker")))
        .isEqualTo(new Decision.Restore(1));
  }

  @ParameterizedTest(name = "after restoration {0}, {1} s ago: {2} in {3} s")
  @CsvSource({
    "1,    0, pause,   60",
    "1,   59, pause,    1",
    "1,   60, restore,  0",
    "2,    0, pause,  120",
    "2,  119, pause,    1",
    "2,  120, restore,  0",
    "3,    0, pause,  240",
    "6,    0, pause, 1920",
    "7,    0, pause, 3600",
    "8,    0, pause, 3600",
    "99,   0, pause, 3600",
    "99, 3600, restore, 0"
  })
  void theSameFieldIsRestoredAfterAPauseThatGrows(int attempt, int ago, String what, int in) {
    Decision decision = after(healed(Duration.ofSeconds(ago), attempt, key(), "other"));

    assertThat(decision)
        .isEqualTo(
            what.equals("pause")
                ? new Decision.Pause(NOW.plusSeconds(in), attempt + 1)
                : new Decision.Restore(attempt + 1));
  }

  @Test
  void whatCouldNotBeRestoredIsTriedAgainAfterAPauseWhateverDiffersByNow() {
    PastHeal failed = new PastHeal(NOW, 1, true, Set.of("other"));
    Drift none = new Drift(List.of(), List.of());

    assertThat(after(failed)).isEqualTo(new Decision.Pause(NOW.plusSeconds(60), 2));
    assertThat(Decision.of(none, Heal.RESTORE, false, Optional.of(failed), NOW.plusSeconds(60)))
        .isEqualTo(new Decision.Restore(2));
  }

  @Test
  void whatStayedForTwoHoursCountsAsNew() {
    assertThat(after(healed(Duration.ofHours(2), 9, key()))).isEqualTo(new Decision.Restore(1));
    assertThat(after(healed(Duration.ofHours(2).minusSeconds(1), 9, key())))
        .isEqualTo(new Decision.Restore(10));
  }

  @Test
  void noPauseIsShorterThanTheOneBeforeNorLongerThanAnHour() {
    List<Duration> pauses =
        IntStream.rangeClosed(1, 200).mapToObj(Decision::pause).distinct().toList();

    assertThat(pauses).isSorted().first().isEqualTo(Duration.ZERO);
    assertThat(pauses).last().isEqualTo(Duration.ofHours(1));
  }
}
