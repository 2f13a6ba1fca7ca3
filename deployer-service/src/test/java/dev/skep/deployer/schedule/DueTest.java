package dev.skep.deployer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DueTest {
  @ParameterizedTest(name = "{0}: {1} since {2} at {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing yet                           | 0 3 * * *     | 2026-01-30T03:00:00Z | 2026-01-31T02:59:59Z | later 2026-01-31T03:00:00Z
          at its moment                         | 0 3 * * *     | 2026-01-30T03:00:00Z | 2026-01-31T03:00:00Z | now 2026-01-31T03:00:00Z
          a little later                        | 0 3 * * *     | 2026-01-30T03:00:00Z | 2026-01-31T03:00:59Z | now 2026-01-31T03:00:00Z
          too late                              | 0 3 * * *     | 2026-01-30T03:00:00Z | 2026-01-31T03:01:00Z | passed 2026-01-31T03:00:00Z
          days later                            | 0 3 * * *     | 2026-01-30T03:00:00Z | 2026-02-09T12:00:00Z | passed 2026-01-31T03:00:00Z
          days later, at a moment               | 0 3 * * *     | 2026-01-30T03:00:00Z | 2026-02-09T03:00:10Z | now 2026-02-09T03:00:00Z
          of several lately, the last           | */10 * * * * *| 2026-01-30T03:00:00Z | 2026-01-30T03:00:35Z | now 2026-01-30T03:00:30Z
          done for it                           | */10 * * * * *| 2026-01-30T03:00:30Z | 2026-01-30T03:00:35Z | later 2026-01-30T03:00:40Z
          a year of seconds is not counted      | * * * * * *   | 2025-01-30T03:00:00Z | 2026-01-30T03:00:00Z | now 2026-01-30T03:00:00Z
          the clock went back                   | 0 3 * * *     | 2026-01-30T03:00:00Z | 2026-01-30T02:59:00Z | later 2026-01-31T03:00:00Z
          """)
  void isJudgedByTheClock(
      String rule, String expression, Instant since, Instant now, String expected) {
    Due due = Due.of(CronTimes.parse(expression, ZoneId.of("UTC")), since, now);

    String told =
        switch (due) {
          case Due.Later(Optional<Instant> at) -> "later " + at.orElseThrow();
          case Due.Now(Instant tick) -> "now " + tick;
          case Due.Passed(Instant tick) -> "passed " + tick;
        };
    assertThat(told).as(rule).isEqualTo(expected);
  }
}
