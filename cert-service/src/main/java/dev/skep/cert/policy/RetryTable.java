package dev.skep.cert.policy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long to wait after failed attempts: certmagic's table for 30 days, then daily. We never stop:
 * a certificate that is wanted and not tried for is an error that nobody sees.
 */
public final class RetryTable {
  /** Minutes: 1 2 2 5 10x3 20x4 30x6, hours: 1x3 2x2 3x2, then 6. */
  private static final List<Duration> TABLE =
      Stream.of(
              times(1, 1),
              times(2, 2),
              times(1, 5),
              times(3, 10),
              times(4, 20),
              times(6, 30),
              times(3, 60),
              times(2, 120),
              times(2, 180))
          .flatMap(s -> s)
          .toList();

  private static final Duration LAST = Duration.ofHours(6);
  private static final Duration AFTER_A_MONTH = Duration.ofDays(1);
  private static final Duration MONTH = Duration.ofDays(30);

  /** After how many attempts the month is over. */
  private static final int MONTHS_ATTEMPTS =
      TABLE.size()
          + (int) MONTH.minus(TABLE.stream().reduce(Duration.ZERO, Duration::plus)).dividedBy(LAST);

  /** A CA may ask for up to a week (a limit per registered domain); more is taken for a mistake. */
  private static final Duration MAX_RETRY_AFTER = Duration.ofDays(7);

  private static final Duration MIN_RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration PATIENT_RETRY_AFTER = Duration.ofMinutes(1);
  private static final int EAGER_ATTEMPTS = 3;

  private RetryTable() {}

  /**
   * How long to wait by the table.
   *
   * @param attempts that failed in a row, from 1
   */
  public static Duration delay(int attempts) {
    if (attempts <= TABLE.size()) {
      return TABLE.get(Math.max(1, attempts) - 1);
    }
    return attempts <= MONTHS_ATTEMPTS ? LAST : AFTER_A_MONTH;
  }

  /**
   * How long to wait after {@code failure}. A Retry-After is obeyed, whatever the table says, but
   * not below a second, and from the fourth failure on not below a minute. What someone must put
   * right is looked at again after 6 hours.
   *
   * @param attempts that failed in a row, this one included
   */
  public static Duration delay(int attempts, Failure failure) {
    if (failure.retryAfter() != null) {
      Duration least = attempts <= EAGER_ATTEMPTS ? MIN_RETRY_AFTER : PATIENT_RETRY_AFTER;
      return clamp(failure.retryAfter(), least, MAX_RETRY_AFTER);
    }
    return failure.kind() == Failure.Kind.TERMINAL ? LAST : delay(attempts);
  }

  private static Duration clamp(Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0) {
      return least;
    }
    return value.compareTo(most) > 0 ? most : value;
  }

  private static Stream<Duration> times(int n, int minutes) {
    return IntStream.range(0, n).mapToObj(i -> Duration.ofMinutes(minutes));
  }
}
