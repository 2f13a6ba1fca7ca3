package dev.skep.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AuditLimitTest {
  private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");
  private final AuditLimit limit = new AuditLimit();

  @Test
  void oneWhoFloodsDoesNotHideTheOthers() {
    long written = admitted("192.0.2.1", 1_000, NOW);

    assertThat(written).isEqualTo(AuditLimit.OF_EACH);
    assertThat(limit.admits("192.0.2.2", NOW)).isTrue();
  }

  @Test
  void manyWhoFloodFillNoDisk() {
    long written =
        IntStream.range(0, 100_000).filter(i -> limit.admits("address " + i, NOW)).count();

    assertThat(written).isEqualTo(AuditLimit.OF_ALL);
  }

  @Test
  void whatWasLeftOutIsToldWhenTheMinuteIsOver() {
    admitted("192.0.2.1", 25, NOW);

    assertThat(limit.takeLeftOut(NOW.plusSeconds(59))).isZero();
    assertThat(limit.takeLeftOut(NOW.plusSeconds(60))).isEqualTo(15);
    assertThat(limit.takeLeftOut(NOW.plusSeconds(61))).isZero();
    assertThat(limit.admits("192.0.2.1", NOW.plusSeconds(61))).isTrue();
  }

  private long admitted(String who, int times, Instant now) {
    return IntStream.range(0, times).filter(i -> limit.admits(who, now)).count();
  }
}
