package dev.skep.monitor;

import dev.skep.runtime.config.ConfigReader;
import java.time.Duration;

/**
 * What the monitor needs to know.
 *
 * @param sessionLife how long people stay signed in to the page
 */
public record MonitorConfig(Duration sessionLife) {
  /** How long people stay signed in by default: a working day. */
  public static final Duration DEFAULT_SESSION_LIFE = Duration.ofHours(12);

  /** With the default session life. */
  public static MonitorConfig defaults() {
    return new MonitorConfig(DEFAULT_SESSION_LIFE);
  }

  /** From {@code SKEP_SESSION_LIFE}. */
  public static MonitorConfig from(ConfigReader env) {
    Duration life = env.duration("SKEP_SESSION_LIFE", DEFAULT_SESSION_LIFE);
    if (life.compareTo(Duration.ofMinutes(1)) < 0) {
      env.problem("SKEP_SESSION_LIFE", "is shorter than a minute", "use one, such as 12h");
    }
    return new MonitorConfig(life);
  }
}
