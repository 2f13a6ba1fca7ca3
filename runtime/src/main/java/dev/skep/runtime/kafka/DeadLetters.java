package dev.skep.runtime.kafka;

import dev.skep.model.Codecs;
import dev.skep.model.event.DeadLetter;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import io.micrometer.core.instrument.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a reader puts what it cannot read: counted, logged, and written to the dead-letter topic. A
 * reader that starts anew meets the same records again; their letters then carry the same event id.
 */
final class DeadLetters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final Platform platform;
  private final String topic;
  private final String reader;
  private final Counter counter;
  private PlainPublisher publisher;

  DeadLetters(Platform platform, String topic, String reader) {
    this.platform = platform;
    this.topic = topic;
    this.reader = reader;
    this.counter = counter(platform, topic, reader);
  }

  static Counter counter(Platform platform, String topic, String reader) {
    return Counter.builder("skep.events.dead.letters")
        .description("Records that a reader refused")
        .tags("topic", topic, "reader", reader)
        .register(platform.metrics());
  }

  /** The letter for a record, as a write. */
  static Write<DeadLetter> letter(
      Platform platform, String topic, long offset, String key, String reader, String reason) {
    DeadLetter letter =
        new DeadLetter(topic, offset, key, reader, reason, platform.clock().instant());
    return Write.put(Topics.DEAD_LETTERS, Codecs.DEAD_LETTERS, topic, letter, "refused", null);
  }

  /** Does not wait for the letter to be written: a lost one is still counted and logged. */
  synchronized void refuse(String topicId, long offset, String key, String reason) {
    counter.increment();
    log.atWarn()
        .addKeyValue("topic", topic)
        .addKeyValue("offset", offset)
        .addKeyValue("key", key)
        .addKeyValue("reader", reader)
        .addKeyValue("reason", reason)
        .log("Record refused; its key keeps the last good value");
    if (publisher == null) {
      publisher = PlainPublisher.open(platform, reader);
    }
    publisher
        .publish(
            letter(platform, topic, offset, key, reader, reason),
            topicId + "/" + offset + "/" + reader)
        .whenComplete(
            (done, failure) -> {
              if (failure != null && !Refusals.say(platform.kafka(), failure)) {
                log.atError()
                    .setCause(failure)
                    .addKeyValue("topic", topic)
                    .addKeyValue("offset", offset)
                    .log("Dead letter could not be written");
              }
            });
  }

  @Override
  public synchronized void close() {
    if (publisher != null) {
      publisher.close();
    }
  }
}
