package dev.skep.runtime.kafka;

import dev.skep.model.command.Command;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.TopicSpec.Policy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The ids of commands that were dealt with, for as long as their topic keeps them and they could
 * still be in time. Not thread-safe.
 */
final class SeenIds {
  private final Clock clock;
  private final Duration retention;
  private final Map<String, Instant> until = new HashMap<>();

  SeenIds(Clock clock, TopicSpec topic) {
    this.clock = clock;
    this.retention =
        topic.policy() instanceof Policy.Delete(Duration kept) ? kept : Duration.ofDays(7);
  }

  void add(Command command) {
    Instant kept = clock.instant().plus(retention);
    until.put(command.id(), kept.isAfter(command.notAfter()) ? kept : command.notAfter());
  }

  boolean contains(String id) {
    return until.containsKey(id);
  }

  void forgetOld() {
    Instant now = clock.instant();
    until.values().removeIf(now::isAfter);
  }

  void clear() {
    until.clear();
  }
}
