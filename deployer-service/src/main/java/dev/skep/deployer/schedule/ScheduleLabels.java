package dev.skep.deployer.schedule;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The service labels that schedules are made of. */
public final class ScheduleLabels {
  public static final String SCHEDULE = "dev.skep.schedule";
  public static final String TIMEZONE = "dev.skep.schedule.timezone";
  public static final String CONCURRENCY = "dev.skep.schedule.concurrency";
  public static final String MISSED = "dev.skep.schedule.missed";
  public static final String ENABLED = "dev.skep.schedule.enabled";
  public static final String REPLICAS = "dev.skep.schedule.replicas";

  /**
   * The moment for which the service was run last. Written by the update that runs it, so that the
   * Engine's check of versions makes of one moment one run.
   */
  public static final String LAST = "dev.skep.schedule.last";

  /**
   * How many tasks a service had that has none for the moment between two updates of one run. It is
   * there only then.
   */
  public static final String SCALED = "dev.skep.schedule.scaled";

  /** Written by runs, not by people. */
  public static final Set<String> WRITTEN = Set.of(LAST, SCALED);

  /** Written by people. */
  static final Set<String> OWN = Set.of(SCHEDULE, TIMEZONE, CONCURRENCY, MISSED, ENABLED, REPLICAS);

  /** Those of swarm-cronjob. */
  static final String CRONJOB = "swarm.cronjob.";

  static final String CRONJOB_ENABLE = CRONJOB + "enable";
  static final String CRONJOB_SCHEDULE = CRONJOB + "schedule";
  static final String CRONJOB_SKIP_RUNNING = CRONJOB + "skip-running";
  static final String CRONJOB_REPLICAS = CRONJOB + "replicas";
  static final String CRONJOB_RUN_ONCE = CRONJOB + "run-once";

  private ScheduleLabels() {}

  /**
   * Whether labels ask for a schedule, well or badly.
   *
   * @param label a label's value by its name; null if it is not there
   */
  public static boolean asked(Function<String, String> label) {
    return label.apply(SCHEDULE) != null || "true".equals(label.apply(CRONJOB_ENABLE));
  }

  /** What a schedule is made of, without what a run writes: equal if the schedule is the same. */
  public static Map<String, String> relevant(Map<String, String> labels) {
    Map<String, String> relevant = new TreeMap<>();
    labels.forEach(
        (name, value) -> {
          if (!WRITTEN.contains(name) && (name.startsWith(SCHEDULE) || name.startsWith(CRONJOB))) {
            relevant.put(name, value);
          }
        });
    return relevant;
  }

  /**
   * The moment for which a service was run last.
   *
   * @param value of {@link #LAST}; null if it is not there
   * @return empty, too, for what is no time, and for what is later than clocks may differ: such a
   *     service would not be run until then
   */
  public static Optional<Instant> last(String value, Instant now) {
    try {
      return Optional.ofNullable(value)
          .map(Instant::parse)
          .filter(last -> !last.isAfter(now.plus(Due.LATE)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
