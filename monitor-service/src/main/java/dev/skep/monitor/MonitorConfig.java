package dev.skep.monitor;

import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.config.Secret;
import java.time.Duration;

/**
 * What the monitor needs to know.
 *
 * @param token what people type to sign in to the page: the front door's own; empty: nobody can
 * @param sessionLife how long they stay signed in
 */
public record MonitorConfig(Secret token, Duration sessionLife) {
  /** How long people stay signed in by default: a working day. */
  public static final Duration DEFAULT_SESSION_LIFE = Duration.ofHours(12);

  /** With the default session life. */
  public static MonitorConfig of(Secret token) {
    return new MonitorConfig(token, DEFAULT_SESSION_LIFE);
  }

  /** From {@code SKEP_TOKEN(_FILE)} and {@code SKEP_SESSION_LIFE}. */
  public static MonitorConfig from(ConfigReader env) {
    Duration life = env.duration("SKEP_SESSION_LIFE", DEFAULT_SESSION_LIFE);
    if (life.compareTo(Duration.ofMinutes(1)) < 0) {
      env.problem("SKEP_SESSION_LIFE", "is shorter than a minute", "use one, such as 12h");
    }
    return new MonitorConfig(env.secret("SKEP_TOKEN"), life);
  }
}
