package dev.skep.deployer.source.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Instant T = Instant.EPOCH;

  @Test
  void thereAreSixtyPlacesAMinute() {
    Pace pace = new Pace();
    for (int i = 0; i < 60; i++) {
      assertThat(pace.take(T.plusSeconds(i / 2))).isTrue();
    }

    Instant full = T.plusSeconds(30);
    assertThat(pace.take(full)).isFalse();
    assertThat(pace.left(full)).isEqualTo(Duration.ofSeconds(30));
    assertThat(pace.take(T.plusSeconds(60))).isTrue();
    assertThat(pace.take(T.plusSeconds(60))).isTrue();
    assertThat(pace.take(T.plusSeconds(60))).isFalse();
  }
}
