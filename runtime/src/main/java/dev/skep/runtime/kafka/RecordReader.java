package dev.skep.runtime.kafka;

import dev.skep.model.event.EventCodec;
import dev.skep.model.event.UnreadableEventException;
import dev.skep.model.topic.TopicSpec;
import dev.skep.runtime.Platform;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads one record by its place, for values that are too large to be held and seldom needed: a view
 * remembers the offset ({@link TopicView.Change#offset}), which compaction does not change. Blocks;
 * thread-safe.
 *
 * @param <T> what the topic's events decode to
 */
public final class RecordReader<T> {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Platform platform;
  private final String reader;
  private final TopicSpec topic;
  private final EventCodec<T> codec;
  private final Duration patience;

  /**
   * A reader; connects at each call, and not before.
   *
   * @param reader who reads, in metrics: the service's name
   * @param patience how long the broker may take to give the record
   */
  public RecordReader(
      Platform platform, String reader, TopicSpec topic, EventCodec<T> codec, Duration patience) {
    this.platform = platform;
    this.reader = reader;
    this.topic = topic;
    this.codec = codec;
    this.patience = patience;
  }

  /**
   * The value at an offset.
   *
   * @return empty if the record there is no longer that key's: there is a newer one
   * @throws PublishException if the broker does not give it in time
   * @throws UnreadableEventException if it cannot be read
   */
  public Optional<T> read(String key, long offset) throws UnreadableEventException {
    long end = System.nanoTime() + patience.toNanos();
    try (PartitionReader open = PartitionReader.open(platform, reader + "-once", topic.name())) {
      open.seek(offset);
      while (System.nanoTime() < end) {
        Iterator<ConsumerRecord<byte[], byte[]>> records = open.poll(POLL).records().iterator();
        if (records.hasNext()) {
          ConsumerRecord<byte[], byte[]> record = records.next();
          boolean same = record.offset() == offset && key.equals(Events.key(record));
          return same
              ? Optional.ofNullable(Events.decode(record, codec).value())
              : Optional.empty();
        }
        if (open.position() > offset) {
          return Optional.empty();
        }
      }
    }
    throw new PublishException(
        "the broker did not give record %d of topic %s within %d s"
            .formatted(offset, topic.name(), patience.toSeconds()),
        null);
  }
}
