package dev.skep.model.topic;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One row of the topic table: everything that the broker, its access rules and the readers must
 * agree on.
 *
 * @param name the topic's name
 * @param key what the record key is, in words
 * @param policy how old records go
 * @param flushEach whether each record is forced to disk before it is acknowledged: for state that
 *     cannot be read again from the cluster
 * @param writers the only principals that may write; one alone if the topic is compacted
 * @param readers the only principals that may read
 * @param watchers who neither writes nor reads it, but must know its id
 */
public record TopicSpec(
    String name,
    String key,
    Policy policy,
    boolean flushEach,
    Set<Principal> writers,
    Set<Principal> readers,
    Set<Principal> watchers) {
  public TopicSpec {
    writers = copy(writers);
    readers = copy(readers);
    watchers = copy(watchers);
  }

  /** A topic that nobody may use yet, not flushed at once. */
  static TopicSpec of(String name, String key, Policy policy) {
    return new TopicSpec(name, key, policy, false, Set.of(), Set.of(), Set.of());
  }

  TopicSpec flushed() {
    return new TopicSpec(name, key, policy, true, writers, readers, watchers);
  }

  TopicSpec writtenBy(Principal... who) {
    return new TopicSpec(name, key, policy, flushEach, Set.of(who), readers, watchers);
  }

  TopicSpec readBy(Principal... who) {
    return new TopicSpec(name, key, policy, flushEach, writers, Set.of(who), watchers);
  }

  TopicSpec watchedBy(Principal... who) {
    return new TopicSpec(name, key, policy, flushEach, writers, readers, Set.of(who));
  }

  /** In the order of the enum, so that what is made of it has an order. */
  private static Set<Principal> copy(Set<Principal> set) {
    Set<Principal> copy = EnumSet.noneOf(Principal.class);
    copy.addAll(set);
    return Collections.unmodifiableSet(copy);
  }

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

  /** Whether {@code principal} writes, reads or watches it. */
  public boolean usedBy(Principal principal) {
    return List.of(writers, readers, watchers).stream().anyMatch(s -> s.contains(principal));
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
