package dev.skep.deployer.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * The moments of a cron expression in a time zone.
 *
 * <p>The library is asked for wall clock times only, as if there were no change of the clock; what
 * becomes of them when clocks are changed is decided here:
 *
 * <ul>
 *   <li>A time that does not exist, because clocks go forward, is the moment at which they do. If
 *       there are several such times, that is one moment.
 *   <li>A time that exists twice, because clocks go back, is the first of the two.
 *   <li>Where every hour counts (the hour is {@code *}), it is a matter of distance, not of the
 *       time of day: no such time is moved, and none of the second hour is left out.
 * </ul>
 */
public final class CronTimes implements Times {
  /** Enough for all changes of the clock until the next leap day, and some. */
  private static final int MOST_CHANGES = 64;

  private static final int SECONDS_FIELDS = 6;
  private static final int HOUR = 2;

  /** With seconds, and with Sunday as 0 and 7. Days of month and of week are joined by "or". */
  private static final CronDefinition DEFINITION =
      CronDefinitionBuilder.defineCron()
          .withSeconds()
          .withStrictRange()
          .and()
          .withMinutes()
          .withStrictRange()
          .and()
          .withHours()
          .withStrictRange()
          .and()
          .withDayOfMonth()
          .withStrictRange()
          .and()
          .withMonth()
          .withStrictRange()
          .and()
          .withDayOfWeek()
          .withValidRange(0, 7)
          .withMondayDoWValue(1)
          .withIntMapping(7, 0)
          .withStrictRange()
          .and()
          .instance();

  private final ExecutionTime times;
  private final boolean everyHour;
  private final ZoneId zone;

  private CronTimes(ExecutionTime times, boolean everyHour, ZoneId zone) {
    this.times = times;
    this.everyHour = everyHour;
    this.zone = zone;
  }

  /**
   * Reads an expression.
   *
   * @param expression five fields (minute, hour, day of month, month, day of week), or six with the
   *     seconds in front; {@code ?} is the same as {@code *} for days
   * @throws IllegalArgumentException says what is wrong with it
   */
  static CronTimes parse(String expression, ZoneId zone) {
    String[] fields = expression.strip().split("\\s+", -1);
    if (fields.length != SECONDS_FIELDS && fields.length != SECONDS_FIELDS - 1) {
      throw new IllegalArgumentException(
          "it has %d fields; write minute, hour, day of month, month and day of week, or six fields with the seconds in front"
              .formatted(fields.length));
    }
    String text = String.join(" ", fields);
    String[] six = (fields.length == SECONDS_FIELDS ? text : "0 " + text).split(" ", -1);
    for (int day : new int[] {3, 5}) {
      six[day] = six[day].equals("?") ? "*" : six[day];
    }
    Cron cron = parsed(String.join(" ", six));
    return new CronTimes(ExecutionTime.forCron(cron), six[HOUR].equals("*"), zone);
  }

  private static Cron parsed(String six) {
    try {
      return new CronParser(DEFINITION).parse(six).validate();
    } catch (IllegalArgumentException e) {
      String reason = e.getMessage() == null ? "it is not valid" : e.getMessage();
      throw new IllegalArgumentException(
          reason.replace("Failed to parse cron expression. ", ""), e);
    }
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return everyHour ? byDistance(after) : byWallClock(after);
  }

  private Optional<Instant> byWallClock(Instant after) {
    ZoneRules rules = zone.getRules();
    LocalDateTime local = LocalDateTime.ofInstant(after, zone);
    ZoneOffsetTransition change = rules.getTransition(local);
    if (change != null && change.isOverlap() && !after.isBefore(change.getInstant())) {
      // The second time that the clock shows this: all of it was served the first time.
      local = change.getDateTimeBefore().minusSeconds(1);
    }
    return next(local)
        .map(
            time -> {
              ZoneOffsetTransition at = rules.getTransition(time);
              return at != null && at.isGap()
                  ? at.getInstant()
                  // Of two offsets, the earlier one.
                  : ZonedDateTime.of(time, zone).withEarlierOffsetAtOverlap().toInstant();
            });
  }

  private Optional<Instant> byDistance(Instant after) {
    ZoneRules rules = zone.getRules();
    ZoneOffset offset = rules.getOffset(after);
    LocalDateTime local = LocalDateTime.ofInstant(after, offset);
    ZoneOffsetTransition change = rules.nextTransition(after);
    for (int i = 0; i < MOST_CHANGES; i++) {
      Optional<LocalDateTime> time = next(local);
      if (time.isEmpty()) {
        return Optional.empty();
      }
      Instant at = time.get().toInstant(offset);
      if (change == null || at.isBefore(change.getInstant())) {
        return Optional.of(at);
      }
      offset = change.getOffsetAfter();
      local = change.getDateTimeAfter().minusSeconds(1);
      change = rules.nextTransition(change.getInstant());
    }
    return Optional.empty();
  }

  private Optional<LocalDateTime> next(LocalDateTime local) {
    return times
        .nextExecution(local.truncatedTo(ChronoUnit.SECONDS).atZone(ZoneOffset.UTC))
        .map(ZonedDateTime::toLocalDateTime);
  }
}
