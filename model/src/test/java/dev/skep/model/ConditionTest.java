package dev.skep.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionTest {
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant NOW = THEN.plusSeconds(60);

  @Test
  void sayingTheSameAgainKeepsTheTransitionTime() {
    List<Condition> before = List.of(Condition.isTrue("Ready", "Synced", "", THEN));

    List<Condition> after =
        Condition.with(before, Condition.isTrue("Ready", "Confirmed", "again", NOW));

    assertThat(after)
        .containsExactly(new Condition("Ready", Condition.Status.TRUE, "Confirmed", "again", THEN));
  }

  @Test
  void aChangedStatusTakesTheNewTimeAndLeavesOtherTypesAlone() {
    Condition other = Condition.isTrue("Accepted", "Accepted", "", THEN);
    List<Condition> before = List.of(other, Condition.isTrue("Ready", "Synced", "", THEN));

    List<Condition> after = Condition.with(before, Condition.isFalse("Ready", "Lost", "", NOW));

    assertThat(after)
        .containsExactly(other, new Condition("Ready", Condition.Status.FALSE, "Lost", "", NOW));
  }
}
