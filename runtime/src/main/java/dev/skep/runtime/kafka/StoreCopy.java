package dev.skep.runtime.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The newest record of each key of a compacted topic, read out as it is and put back. Blocking.
 * Keys are held in memory, values are not.
 */
public final class StoreCopy {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(100);

  /** What the all-in-one's broker allows at most; some hundred MiB are written in it. */
  private static final String TRANSACTION_TIMEOUT_MS = "60000";

  private final KafkaConfig kafka;

  public StoreCopy(KafkaConfig kafka) {
    this.kafka = kafka;
  }

  /**
   * Which keys a topic holds.
   *
   * @throws PublishException if the broker does not answer
   */
  public SortedSet<String> keys(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      return new TreeSet<>(newestOffsets(consumer, partition(topic)).keySet());
    } catch (KafkaException e) {
      throw failed(topic, e);
    }
  }

  /**
   * Reads what a topic holds, in the broker's order.
   *
   * @param each gets the newest record of each key
   * @throws PublishException if the broker does not answer
   */
  public void read(String topic, Consumer<StoredRecord> each) {
    TopicPartition partition = partition(topic);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      Map<String, Long> newest = newestOffsets(consumer, partition);
      scan(
          consumer,
          partition,
          record -> {
            Long offset = newest.get(text(record.key()));
            if (offset != null && offset == record.offset()) {
              each.accept(stored(record));
            }
          });
    } catch (KafkaException e) {
      throw failed(topic, e);
    }
  }

  /** What {@link #write} writes with. */
  public interface Sink {
    /** Sends a record; it counts when all were written. */
    void put(StoredRecord record);
  }

  /** What {@link #write} writes. */
  public interface Source {
    /**
     * Gives every record to the sink.
     *
     * @throws java.io.IOException then nothing is written
     */
    void writeTo(Sink sink) throws java.io.IOException;
  }

  /**
   * Writes records, all or none of them.
   *
   * @throws PublishException if the broker refuses or does not answer; then none counts
   * @throws java.io.IOException as the source threw it; then none counts
   */
  public void write(Source source) throws java.io.IOException {
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      producer.initTransactions();
      producer.beginTransaction();
      source.writeTo(
          record -> {
            // What fails is told to the callback.
            var _ =
                producer.send(
                    sent(record),
                    (_, e) -> {
                      if (e != null) {
                        failure.compareAndSet(null, e);
                      }
                    });
          });
      producer.flush();
      if (failure.get() != null) {
        producer.abortTransaction();
        throw new PublishException(
            "a record was refused: " + failure.get().getMessage(), failure.get());
      }
      producer.commitTransaction();
    } catch (KafkaException e) {
      throw new PublishException("the records cannot be written: " + e.getMessage(), e);
    }
  }

  private Map<String, Long> newestOffsets(
      KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
    Map<String, Long> newest = new HashMap<>();
    scan(
        consumer,
        partition,
        record -> {
          if (record.value() == null) {
            newest.remove(text(record.key()));
          } else {
            newest.put(text(record.key()), record.offset());
          }
        });
    return newest;
  }

  /** From the beginning up to what is committed now. */
  private static void scan(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    consumer.assign(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    consumer.seekToBeginning(List.of(partition));
    long position = consumer.position(partition);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (position < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < end) {
          each.accept(record);
        }
      }
      long now = consumer.position(partition);
      if (now > position) {
        position = now;
        deadline = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new PublishException(
            "topic %s could be read up to %d only, of %d: no record came for %d s"
                .formatted(partition.topic(), position, end, PATIENCE.toSeconds()),
            null);
      }
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Properties p = kafka.clientProperties();
    p.put("isolation.level", "read_committed");
    p.put("enable.auto.commit", "false");
    p.put("auto.offset.reset", "none");
    p.put("allow.auto.create.topics", "false");
    p.put("default.api.timeout.ms", "20000");
    return new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private KafkaProducer<byte[], byte[]> producer() {
    Properties p = kafka.clientProperties();
    p.put("transactional.id", "skep.import");
    p.put("transaction.timeout.ms", TRANSACTION_TIMEOUT_MS);
    p.put("acks", "all");
    p.put("max.request.size", Clients.MAX_RECORD_BYTES);
    p.put("max.block.ms", "30000");
    return new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static TopicPartition partition(String topic) {
    return new TopicPartition(topic, 0);
  }

  private static StoredRecord stored(ConsumerRecord<byte[], byte[]> record) {
    List<StoredRecord.Header> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(new StoredRecord.Header(header.key(), encoded(header.value())));
    }
    return new StoredRecord(record.topic(), text(record.key()), encoded(record.value()), headers);
  }

  private static ProducerRecord<byte[], byte[]> sent(StoredRecord record) {
    Headers headers = new RecordHeaders();
    Collection<StoredRecord.Header> all = record.headers();
    all.forEach(h -> headers.add(h.name(), decoded(h.value())));
    return new ProducerRecord<>(
        record.topic(),
        0,
        record.key().getBytes(StandardCharsets.UTF_8),
        decoded(record.value()),
        headers);
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  private static String encoded(byte[] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] decoded(String base64) {
    return base64 == null ? null : Base64.getDecoder().decode(base64);
  }

  private static PublishException failed(String topic, KafkaException e) {
    return new PublishException("topic " + topic + " cannot be read: " + e.getMessage(), e);
  }
}
