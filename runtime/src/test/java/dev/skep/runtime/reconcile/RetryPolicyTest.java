package dev.skep.runtime.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
  private static final RetryPolicy STEADY =
      new RetryPolicy(Duration.ofMillis(200), 2, Duration.ofSeconds(30), 0);

  @ParameterizedTest
  @CsvSource({"1,200", "2,400", "3,800", "8,25600", "9,30000", "1000,30000"})
  void doublesUpToItsLimit(int attempt, long millis) {
    Duration delay = STEADY.delay(attempt, new Random(1));

    assertThat(delay).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void jitterOnlyShortens() {
    RetryPolicy jittery = RetryPolicy.standard();
    Random random = new Random(7);

    for (int i = 0; i < 1_000; i++) {
      assertThat(jittery.delay(1, random))
          .isBetween(Duration.ofMillis(160), Duration.ofMillis(200));
    }
  }

  @Test
  void aLimitBelowTheFirstWaitIsRefused() {
    assertThatThrownBy(() -> new RetryPolicy(Duration.ofSeconds(2), 2, Duration.ofSeconds(1), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
