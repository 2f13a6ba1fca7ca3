package dev.skep.runtime.life;

import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.kafka.KafkaConfig;
import java.util.Locale;

/** What a service does about its topics before it starts. */
public enum TopicsAtStart {
  /** Makes what is missing, and corrects settings that drifted. */
  MAKE,

  /** Looks, and ends if one is missing. */
  LOOK,

  /** Waits until those that it uses are there, and open to it. */
  WAIT;

  /** From {@code SKEP_KAFKA_CREATE_TOPICS}: {@code true}, {@code false} or {@code wait}. */
  public static TopicsAtStart from(ConfigReader config) {
    String value = config.optional(KafkaConfig.CREATE_TOPICS, "true");
    switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes" -> {
        return MAKE;
      }
      case "false", "0", "no" -> {
        return LOOK;
      }
      case "wait" -> {
        return WAIT;
      }
      default -> {
        config.problem(KafkaConfig.CREATE_TOPICS, "is '" + value + "'", "use true, false or wait");
        return MAKE;
      }
    }
  }
}
