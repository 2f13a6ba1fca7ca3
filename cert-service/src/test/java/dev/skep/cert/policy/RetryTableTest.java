package dev.skep.cert.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.cert.policy.Failure.Kind;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryTableTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 2",
    "3, 2",
    "4, 5",
    "5, 10",
    "7, 10",
    "8, 20",
    "11, 20",
    "12, 30",
    "17, 30",
    "18, 60",
    "20, 60",
    "21, 120",
    "22, 120",
    "23, 180",
    "24, 180",
    "25, 360",
    "100, 360",
  })
  void waits_as_certmagic_does(int attempts, long minutes) {
    Duration delay = RetryTable.delay(attempts);

    assertThat(delay).isEqualTo(Duration.ofMinutes(minutes));
  }

  @Test
  void after_a_month_it_tries_daily_and_never_stops() {
    Duration month =
        IntStream.iterate(1, i -> !RetryTable.delay(i).equals(Duration.ofDays(1)), i -> i + 1)
            .mapToObj(RetryTable::delay)
            .reduce(Duration.ZERO, Duration::plus);

    assertThat(month).isBetween(Duration.ofDays(29), Duration.ofDays(30));
    assertThat(RetryTable.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofDays(1));
  }

  @ParameterizedTest
  @CsvSource({
    // failed attempts, asked for, obeyed: no busy loop, no wait without end
    "1, PT3S, PT3S",
    "1, PT0S, PT1S",
    "4, PT0S, PT1M",
    "1, PT48H, PT48H",
    "9, P400D, P7D",
  })
  void a_retry_after_is_obeyed_within_reason(int attempts, Duration asked, Duration obeyed) {
    Failure busy = new Failure(Kind.RETRIABLE, "RateLimited", "busy", asked, false);

    Duration delay = RetryTable.delay(attempts, busy);

    assertThat(delay).isEqualTo(obeyed);
  }

  @Test
  void what_someone_must_put_right_is_looked_at_every_six_hours() {
    Duration delay = RetryTable.delay(1, Failure.terminal("Caa", "forbidden"));

    assertThat(delay).isEqualTo(Duration.ofHours(6));
  }
}
