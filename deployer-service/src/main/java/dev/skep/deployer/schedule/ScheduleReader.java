package dev.skep.deployer.schedule;

import dev.skep.deployer.schedule.Schedule.Concurrency;
import dev.skep.deployer.schedule.Schedule.Missed;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a service's labels as a schedule; all that is wrong with them is told at once. */
public final class ScheduleReader {
  /** No sensible expression is longer, and labels are anybody's. */
  private static final int LONGEST = 256;

  private static final int MOST_REPLICAS = 100_000;
  private static final Map<String, String> NAMED =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");
  private static final String EVERY = "@every";

  /** As cron libraries for Go have it. */
  private static final Pattern ZONE = Pattern.compile("(?:CRON_)?TZ=(?<zone>\\S+)\\s+(?<rest>.*)");

  private static final Pattern DURATION =
      Pattern.compile("(?:(?<h>\\d{1,6})h)?(?:(?<m>\\d{1,6})m)?(?:(?<s>\\d{1,7})s)?");

  private final Map<String, String> labels;
  private final Instant created;
  private final List<String> problems = new ArrayList<>();

  private ScheduleReader(Map<String, String> labels, Instant created) {
    this.labels = labels;
    this.created = created;
  }

  /**
   * Reads labels.
   *
   * @param labels of the service, others among them
   * @param created when the service was made, from which {@code @every} counts
   */
  public static Reading read(Map<String, String> labels, Instant created) {
    return new ScheduleReader(labels, created).read();
  }

  private Reading read() {
    if (!ScheduleLabels.asked(labels::get)) {
      return orphans();
    }
    boolean cronjob = !labels.containsKey(ScheduleLabels.SCHEDULE);
    unknown();
    String name = cronjob ? ScheduleLabels.CRONJOB_SCHEDULE : ScheduleLabels.SCHEDULE;
    Concurrency concurrency = concurrency(cronjob);
    Missed missed = missed();
    boolean enabled = flag(ScheduleLabels.ENABLED, true);
    int replicas = replicas(cronjob);
    if (cronjob && flag(ScheduleLabels.CRONJOB_RUN_ONCE, false)) {
      problem(
          ScheduleLabels.CRONJOB_RUN_ONCE,
          "is not supported, and without it the service would run again and again; remove the schedule, or this label");
    }
    String expression = labels.getOrDefault(name, "").strip();
    ZoneId zone = zone(labels.getOrDefault(ScheduleLabels.TIMEZONE, "UTC"));
    Matcher prefixed = ZONE.matcher(expression);
    String plain = expression;
    if (prefixed.matches() && expression.length() <= LONGEST) {
      zone = zone(prefixed.group("zone"));
      plain = prefixed.group("rest");
    }
    Times times = times(name, plain, zone);
    return problems.isEmpty()
        ? new Reading.Valid(
            new Schedule(expression, zone, times, concurrency, missed, enabled, replicas))
        : new Reading.Invalid(problems);
  }

  /** A schedule's other labels without an expression: most likely it was misspelt. */
  private Reading orphans() {
    TreeSet<String> names = new TreeSet<>(labels.keySet());
    names.removeIf(
        n -> !n.startsWith(ScheduleLabels.SCHEDULE) || ScheduleLabels.WRITTEN.contains(n));
    if (names.isEmpty()) {
      return new Reading.None();
    }
    problem(names.first(), "says nothing without %s".formatted(ScheduleLabels.SCHEDULE));
    return new Reading.Invalid(problems);
  }

  private void unknown() {
    for (String name : new TreeSet<>(labels.keySet())) {
      if (name.startsWith(ScheduleLabels.SCHEDULE)
          && !ScheduleLabels.OWN.contains(name)
          && !ScheduleLabels.WRITTEN.contains(name)) {
        problem(
            name,
            "is not known; known are %s"
                .formatted(String.join(", ", new TreeSet<>(ScheduleLabels.OWN))));
      }
    }
  }

  private Times times(String name, String expression, ZoneId zone) {
    if (expression.length() > LONGEST) {
      problem(name, "has more than %d characters".formatted(LONGEST));
      return null;
    }
    try {
      Times times = times(expression, zone);
      if (times.next(created).isEmpty()) {
        problem(name, "'%s' never comes; there is no such day".formatted(expression));
      }
      return times;
    } catch (IllegalArgumentException e) {
      problem(name, "'%s' cannot be read: %s".formatted(expression, e.getMessage()));
      return null;
    }
  }

  private Times times(String expression, ZoneId zone) {
    if (expression.isEmpty()) {
      throw new IllegalArgumentException("write when to run, such as 0 3 * * *");
    }
    if (expression.startsWith(EVERY)) {
      return new EveryTimes(duration(expression.substring(EVERY.length()).strip()), created);
    }
    String cron = NAMED.getOrDefault(expression.toLowerCase(Locale.ROOT), expression);
    if (cron.startsWith("@")) {
      throw new IllegalArgumentException(
          "use %s or @every 90s".formatted(String.join(", ", new TreeSet<>(NAMED.keySet()))));
    }
    return CronTimes.parse(cron, zone);
  }

  private static Duration duration(String text) {
    Matcher parts = DURATION.matcher(text);
    if (text.isEmpty() || !parts.matches()) {
      throw new IllegalArgumentException(
          "write whole hours, minutes, seconds, such as 1h30m or 90s");
    }
    return Duration.ofHours(number(parts.group("h")))
        .plusMinutes(number(parts.group("m")))
        .plusSeconds(number(parts.group("s")));
  }

  private static long number(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private ZoneId zone(String name) {
    // Only those with rules of their own: what is not known is never taken for another one.
    if (name.equals("UTC") || ZoneId.getAvailableZoneIds().contains(name)) {
      return ZoneId.of(name);
    }
    problem(
        ScheduleLabels.TIMEZONE, "'%s' is not known; write one as Europe/Berlin".formatted(name));
    return ZoneOffset.UTC;
  }

  private Concurrency concurrency(boolean cronjob) {
    String value = labels.get(ScheduleLabels.CONCURRENCY);
    if (value == null) {
      boolean replace = cronjob && !flag(ScheduleLabels.CRONJOB_SKIP_RUNNING, false);
      return replace ? Concurrency.REPLACE : Concurrency.SKIP;
    }
    switch (value) {
      case "skip" -> {
        return Concurrency.SKIP;
      }
      case "replace" -> {
        return Concurrency.REPLACE;
      }
      case "allow" ->
          problem(
              ScheduleLabels.CONCURRENCY,
              "cannot be allow: Swarm ends a service's tasks when it runs the service again; use skip or replace, or a second service");
      default ->
          problem(ScheduleLabels.CONCURRENCY, "'%s' is not skip or replace".formatted(value));
    }
    return Concurrency.SKIP;
  }

  private Missed missed() {
    String value = labels.getOrDefault(ScheduleLabels.MISSED, "skip");
    if (!value.equals("skip") && !value.equals("run")) {
      problem(ScheduleLabels.MISSED, "'%s' is not skip or run".formatted(value));
    }
    return value.equals("run") ? Missed.RUN : Missed.SKIP;
  }

  private int replicas(boolean cronjob) {
    String name = ScheduleLabels.REPLICAS;
    String value = labels.get(name);
    if (value == null && cronjob) {
      name = ScheduleLabels.CRONJOB_REPLICAS;
      value = labels.getOrDefault(name, "1");
    }
    if (value == null) {
      return 0;
    }
    if (value.matches("[1-9]\\d{0,5}") && Integer.parseInt(value) <= MOST_REPLICAS) {
      return Integer.parseInt(value);
    }
    problem(name, "'%s' is not a number from 1 to %d".formatted(value, MOST_REPLICAS));
    return 0;
  }

  private boolean flag(String name, boolean otherwise) {
    String value = labels.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.equals("true") && !value.equals("false")) {
      problem(name, "'%s' is not true or false".formatted(value));
    }
    return value.equals("true");
  }

  private void problem(String label, String what) {
    problems.add("label %s %s".formatted(label, what));
  }
}
