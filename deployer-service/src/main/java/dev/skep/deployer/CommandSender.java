package dev.skep.deployer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Codecs;
import dev.skep.model.Sealed;
import dev.skep.model.command.Command;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.PlainPublisher;
import dev.skep.runtime.kafka.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * Asks the deployer for something, as everybody does: by a command in the topic, which it takes up
 * in the order of all. Thread-safe.
 */
final class CommandSender {
  private final PlainPublisher publisher;
  private final CommandTracker tracker;
  private final Clock clock;
  private final Duration life;

  /**
   * A sender.
   *
   * @param tracker knows what becomes of what is sent
   * @param life how long a command may wait to be taken up
   */
  CommandSender(PlainPublisher publisher, CommandTracker tracker, Clock clock, Duration life) {
    this.publisher = publisher;
    this.tracker = tracker;
    this.clock = clock;
    this.life = life;
  }

  /**
   * Sends one, and waits until the broker has it.
   *
   * @param kind one of those of {@link StackFolder}
   * @param by who asks
   * @param sealed what only the deployer may read; null for none
   * @return until when it may be taken up
   * @throws CompletionException if the broker does not say that it has it; it may have
   */
  Instant send(String id, String kind, String by, JsonNode about, Sealed sealed) {
    Instant now = clock.instant();
    Instant until = now.plus(life);
    Command command = new Command(id, StackFolder.TARGET, kind, by, now, until, about, sealed);
    tracker.sent(id);
    publisher
        .publish(
            Write.put(Topics.COMMANDS, Codecs.COMMANDS, command.target(), command, "issued", id))
        .toCompletableFuture()
        .join();
    return until;
  }

  /** Why a command was refused, or what it asked for has failed; empty otherwise. */
  Optional<String> rejected(String id) {
    return tracker.get(id).filter(s -> s.state().equals("failed")).map(s -> s.reason());
  }

  /** Whether a command may still be taken up. */
  boolean pending(String id, Instant until) {
    return until.isAfter(clock.instant()) && rejected(id).isEmpty();
  }
}
