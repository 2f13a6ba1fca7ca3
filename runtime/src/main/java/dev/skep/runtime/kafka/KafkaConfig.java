package dev.skep.runtime.kafka;

import dev.skep.runtime.config.ConfigReader;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * How the broker is reached.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param properties further settings for every client, in Kafka's own names
 */
public record KafkaConfig(String bootstrapServers, Map<String, String> properties) {
  /** Whether a service makes the topics that are missing; {@code true} by default. */
  public static final String CREATE_TOPICS = "SKEP_KAFKA_CREATE_TOPICS";

  private static final String PREFIX = "SKEP_KAFKA_";
  private static final String BOOTSTRAP = "SKEP_KAFKA_BOOTSTRAP";

  public KafkaConfig {
    properties = Map.copyOf(properties);
  }

  /** A broker that needs no further settings. */
  public static KafkaConfig of(String bootstrapServers) {
    return new KafkaConfig(bootstrapServers, Map.of());
  }

  /**
   * From the environment: {@code SKEP_KAFKA_BOOTSTRAP}, and any other {@code SKEP_KAFKA_X_Y} (or
   * {@code SKEP_KAFKA_X_Y_FILE}) as the client setting {@code x.y}, but for {@link #CREATE_TOPICS}.
   */
  public static KafkaConfig from(ConfigReader config) {
    String bootstrap = config.required(BOOTSTRAP);
    Map<String, String> properties = new TreeMap<>();
    for (String name : config.names(PREFIX)) {
      if (!name.equals(BOOTSTRAP) && !name.equals(CREATE_TOPICS)) {
        String key = name.substring(PREFIX.length()).toLowerCase(java.util.Locale.ROOT);
        properties.put(key.replace('_', '.'), config.secret(name).reveal());
      }
    }
    return new KafkaConfig(bootstrap, properties);
  }

  /** The settings that every client starts from; a new copy. */
  Properties clientProperties() {
    Properties p = new Properties();
    p.put("bootstrap.servers", bootstrapServers);
    // No JMX beans and no telemetry pushed: meters go to Micrometer, and each costs start-up time.
    p.put("auto.include.jmx.reporter", "false");
    p.put("metric.reporters", "");
    p.put("enable.metrics.push", "false");
    p.put("reconnect.backoff.ms", "50");
    p.put("reconnect.backoff.max.ms", "1000");
    p.put("ssl.engine.factory.class", SharedTls.class.getName());
    p.putAll(properties);
    return p;
  }

  /** Names the broker only: the other settings may hold passwords. */
  @Override
  public String toString() {
    return "KafkaConfig[" + bootstrapServers + ", properties " + properties.keySet() + "]";
  }
}
