package dev.skep.model.topic;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * One row of the topic table: everything that the broker, its access rules and the readers must
 * agree on.
 *
 * @param name the topic's name
 * @param key what the record key is, in words
 * @param policy how old records go
 * @param writer the only principal that may write, or {@link Principal#ANY}
 * @param flushEach whether each record is forced to disk before it is acknowledged: for state that
 *     cannot be read again from the cluster
 */
public record TopicSpec(
    String name, String key, Policy policy, Principal writer, boolean flushEach) {

  /** How a topic's old records go. */
  public sealed interface Policy {
    /** Only the newest record of a key stays: the topic is the state. */
    record Compact() implements Policy {}

    /**
     * Records go when they are older than this.
     *
     * @param retention at least a minute
     */
    record Delete(Duration retention) implements Policy {}
  }

  /** Who may write. */
  public enum Principal {
    NODE_AGENT,
    INVENTORY,
    DEPLOYER,
    EDGE_CONFIG,
    EDGE_AGENT,
    CERT,
    MONITOR,
    ANY
  }

  /** Whether this topic is a materialized state: one newest record per key. */
  public boolean compacted() {
    return policy instanceof Policy.Compact;
  }

  /**
   * The broker's settings for this topic. Compaction works on closed segments only, so those of
   * state topics are closed early: after 10 minutes or 16 MiB.
   */
  public Map<String, String> config() {
    Map<String, String> config = new TreeMap<>();
    switch (policy) {
      case Policy.Compact() -> {
        config.put("cleanup.policy", "compact");
        config.put("segment.ms", "600000");
        config.put("segment.bytes", "16777216");
        config.put("min.cleanable.dirty.ratio", "0.2");
        config.put("delete.retention.ms", "86400000");
      }
      case Policy.Delete(Duration retention) -> {
        config.put("cleanup.policy", "delete");
        config.put("retention.ms", Long.toString(retention.toMillis()));
        config.put("segment.ms", Long.toString(Math.max(60_000, retention.toMillis() / 4)));
      }
    }
    // A stack carries its configs, which Swarm allows to be 1 MiB each; Kafka's own limit is 1 MiB.
    config.put("max.message.bytes", "8388608");
    if (flushEach) {
      config.put("flush.messages", "1");
    }
    return config;
  }
}
