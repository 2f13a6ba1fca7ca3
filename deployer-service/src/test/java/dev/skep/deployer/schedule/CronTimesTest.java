package dev.skep.deployer.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronTimesTest {
  /** The moments that follow each other, in the zone's wall clock with its offset. */
  private static List<String> following(String expression, String zone, String after, int count) {
    ZoneId id = ZoneId.of(zone);
    CronTimes times = CronTimes.parse(expression, id);
    List<String> found = new ArrayList<>();
    Instant moment = Instant.parse(after);
    for (int i = 0; i < count; i++) {
      moment = times.next(moment).orElseThrow();
      found.add(moment.atZone(id).toOffsetDateTime().toString());
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 3 * * *        | 2026-01-30T03:00:00Z     | 2026-01-31T03:00Z, 2026-02-01T03:00Z
          0 3 * * *        | 2026-01-30T02:59:59.999Z | 2026-01-30T03:00Z, 2026-01-31T03:00Z
          */20 * * * *     | 2026-01-30T12:00:00Z     | 2026-01-30T12:20Z, 2026-01-30T12:40Z, 2026-01-30T13:00Z
          5/20 * * * *     | 2026-01-30T12:00:00Z     | 2026-01-30T12:05Z, 2026-01-30T12:25Z, 2026-01-30T12:45Z
          */30 * * * * *   | 2026-01-30T12:00:00Z     | 2026-01-30T12:00:30Z, 2026-01-30T12:01Z
          15,45 0 0 1 1 *  | 2026-01-30T12:00:00Z     | 2027-01-01T00:00:15Z, 2027-01-01T00:00:45Z
          0 0 29 2 *       | 2026-01-30T12:00:00Z     | 2028-02-29T00:00Z, 2032-02-29T00:00Z
          0 0 31 * *       | 2026-01-31T00:00:00Z     | 2026-03-31T00:00Z, 2026-05-31T00:00Z
          0 0 * * 0        | 2026-01-30T12:00:00Z     | 2026-02-01T00:00Z, 2026-02-08T00:00Z
          0 0 * * 7        | 2026-01-30T12:00:00Z     | 2026-02-01T00:00Z, 2026-02-08T00:00Z
          0 0 * JAN MON-FRI| 2026-12-31T12:00:00Z     | 2027-01-01T00:00Z, 2027-01-04T00:00Z
          0 0 13 * 5       | 2026-01-30T12:00:00Z     | 2026-02-06T00:00Z, 2026-02-13T00:00Z, 2026-02-20T00:00Z
          0 0 ? * MON      | 2026-01-30T12:00:00Z     | 2026-02-02T00:00Z, 2026-02-09T00:00Z
          """)
  void momentsFollowEachOther(String expression, String after, String expected) {
    List<String> wanted = Arrays.asList(expected.split(", ", -1));

    assertThat(following(expression, "UTC", after, wanted.size())).isEqualTo(wanted);
  }

  /**
   * In 2026, Berlin's clocks go from 02:00 to 03:00 on 29 March, from 03:00 to 02:00 on 25 October.
   */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a time that does not exist is the moment of the change       | 30 2 * * *    | 2026-03-28T00:00:00Z | 2026-03-28T02:30+01:00, 2026-03-29T03:00+02:00, 2026-03-30T02:30+02:00
          several that do not exist are one moment                     | */20 2 * * *  | 2026-03-28T01:30:00Z | 2026-03-28T02:40+01:00, 2026-03-29T03:00+02:00, 2026-03-30T02:00+02:00
          one that exists besides is not run twice                     | 30 2,3 * * *  | 2026-03-28T12:00:00Z | 2026-03-29T03:00+02:00, 2026-03-29T03:30+02:00, 2026-03-30T02:30+02:00
          one at the moment of the change is not run twice             | 0 2,3 * * *   | 2026-03-28T12:00:00Z | 2026-03-29T03:00+02:00, 2026-03-30T02:00+02:00
          other times that day stay as they are                        | 0 6 * * *     | 2026-03-28T12:00:00Z | 2026-03-29T06:00+02:00, 2026-03-30T06:00+02:00
          a time that exists twice is the first                        | 30 2 * * *    | 2026-10-24T00:00:00Z | 2026-10-24T02:30+02:00, 2026-10-25T02:30+02:00, 2026-10-26T02:30+01:00
          several that exist twice are so                              | */30 2 * * *  | 2026-10-24T12:00:00Z | 2026-10-25T02:00+02:00, 2026-10-25T02:30+02:00, 2026-10-26T02:00+01:00
          from within the second hour, it has been                     | 30 2,4 * * *  | 2026-10-25T01:10:00Z | 2026-10-25T04:30+01:00, 2026-10-26T02:30+01:00
          the end of the second hour is a time of its own              | 0 3 * * *     | 2026-10-25T01:10:00Z | 2026-10-25T03:00+01:00, 2026-10-26T03:00+01:00
          every hour goes on through the hour that is left out         | 30 * * * *    | 2026-03-29T00:00:00Z | 2026-03-29T01:30+01:00, 2026-03-29T03:30+02:00, 2026-03-29T04:30+02:00
          every hour goes on through the hour that comes twice         | 30 * * * *    | 2026-10-24T23:45:00Z | 2026-10-25T02:30+02:00, 2026-10-25T02:30+01:00, 2026-10-25T03:30+01:00
          every half hour, likewise                                    | */30 * * * *  | 2026-10-25T00:00:00Z | 2026-10-25T02:30+02:00, 2026-10-25T02:00+01:00, 2026-10-25T02:30+01:00, 2026-10-25T03:00+01:00
          """)
  void clocksAreChanged(String rule, String expression, String after, String expected) {
    List<String> wanted = Arrays.asList(expected.split(", ", -1));

    assertThat(following(expression, "Europe/Berlin", after, wanted.size()))
        .as(rule)
        .isEqualTo(wanted);
  }

  @Test
  void aWholeDayThatIsLeftOutIsOneMoment() {
    // Samoa crossed the date line: 30 December 2011 was not.
    assertThat(following("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z", 3))
        .containsExactly(
            "2011-12-29T12:00-10:00", "2011-12-31T00:00+14:00", "2011-12-31T12:00+14:00");
  }

  @Test
  void aLeapDayOfEveryHourIsFoundAcrossYears() {
    assertThat(following("0 * 29 2 *", "Europe/Berlin", "2097-01-01T00:00:00Z", 1))
        .containsExactly("2104-02-29T00:00+01:00");
  }

  @Test
  void aDayThatNeverComesHasNoMoment() {
    assertThat(CronTimes.parse("0 0 30 2 *", ZoneId.of("UTC")).next(Instant.EPOCH)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          60 * * * *     | 60 not in range
          * * * *        | it has 4 fields
          * * * * * * *  | it has 7 fields
          0 25 * * *     | 25 not in range
          */0 * * * *    | Period 0
          a b c d e      | a
          0 22-2 * * *   | Invalid range
          0 0 L * *      | L
          """)
  void whatIsWrongIsTold(String expression, String told) {
    assertThatThrownBy(() -> CronTimes.parse(expression, ZoneId.of("UTC")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(told);
  }
}
