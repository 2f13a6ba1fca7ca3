package dev.skep.inventory.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private Instant wall = START;
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private final SteadyClock clock = new SteadyClock(() -> wall, nanos::get);

  @Test
  void it_counts_on_when_the_wall_clock_is_set_back() {
    pass(Duration.ofSeconds(1));
    wall = wall.minus(Duration.ofHours(2));
    pass(Duration.ofSeconds(1));

    assertThat(clock.instant()).isEqualTo(START.plusSeconds(2));
  }

  @Test
  void a_moment_is_dated_as_the_wall_clock_has_it_now() {
    pass(Duration.ofSeconds(10));
    Instant moment = clock.instant();
    wall = wall.minus(Duration.ofHours(2));
    pass(Duration.ofSeconds(5));

    assertThat(clock.onWall(moment)).isEqualTo(START.minus(Duration.ofHours(2)).plusSeconds(10));
    assertThat(clock.onWall(null)).isNull();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    wall = wall.plus(time);
  }
}
