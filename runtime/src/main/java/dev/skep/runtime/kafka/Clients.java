package dev.skep.runtime.kafka;

import dev.skep.runtime.Platform;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Makes Kafka's clients, small and without batching delays, and binds their meters. */
final class Clients {
  /** Events are small; a stack with its files is not. The same limit as in the topic table. */
  static final String MAX_RECORD_BYTES = "8388608";

  /** One thread that looks for new meters of all clients, in place of one per client. */
  private static final ScheduledExecutorService METER_SCAN =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("kafka-meters").factory());

  private static final AtomicLong SEQUENCE = new AtomicLong();

  private Clients() {}

  /** A consumer without a group, or with one whose offsets are committed in transactions. */
  static Consumer<byte[], byte[]> consumer(Platform platform, String name, String group) {
    Properties p = platform.kafka().clientProperties();
    p.put("client.id", clientId(name));
    p.put("isolation.level", "read_committed");
    p.put("enable.auto.commit", "false");
    // A position that is gone must be noticed, not silently replaced.
    p.put("auto.offset.reset", "none");
    p.put("allow.auto.create.topics", "false");
    p.put("fetch.min.bytes", "1");
    p.put("fetch.max.bytes", MAX_RECORD_BYTES);
    p.put("max.partition.fetch.bytes", "1048576");
    p.put("receive.buffer.bytes", "-1");
    p.put("default.api.timeout.ms", "10000");
    p.put("retry.backoff.ms", "20");
    if (group != null) {
      p.put("group.id", group);
    }
    return new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Settings of every producer: no waiting for company, every replica asked. */
  static Properties producerProperties(Platform platform, String name) {
    Properties p = platform.kafka().clientProperties();
    p.put("client.id", clientId(name));
    p.put("acks", "all");
    p.put("enable.idempotence", "true");
    p.put("linger.ms", "0");
    // Consecutive transactions meet "concurrent transactions"; the default wait is 100 ms.
    p.put("retry.backoff.ms", "5");
    p.put("retry.backoff.max.ms", "500");
    p.put("max.request.size", MAX_RECORD_BYTES);
    p.put("buffer.memory", "12582912");
    p.put("send.buffer.bytes", "-1");
    return p;
  }

  /**
   * A transactional producer. All its time limits are below the transaction's own, so that it knows
   * of a failure before the broker aborts behind its back.
   */
  static Producer<String, byte[]> transactional(Platform platform, String principal) {
    Properties p = producerProperties(platform, principal + "-writer");
    p.put("transactional.id", "skep." + principal);
    p.put("transaction.timeout.ms", "10000");
    // With more under way, a first one that must wait makes the broker refuse those behind it.
    p.put("max.in.flight.requests.per.connection", "1");
    p.put("request.timeout.ms", "4000");
    p.put("delivery.timeout.ms", "8000");
    p.put("max.block.ms", "8000");
    return new KafkaProducer<>(p, new StringSerializer(), new ByteArraySerializer());
  }

  static KafkaClientMetrics bind(Platform platform, Consumer<?, ?> consumer) {
    KafkaClientMetrics meters = new KafkaClientMetrics(consumer, List.of(), METER_SCAN);
    meters.bindTo(platform.metrics());
    return meters;
  }

  static KafkaClientMetrics bind(Platform platform, Producer<?, ?> producer) {
    KafkaClientMetrics meters = new KafkaClientMetrics(producer, List.of(), METER_SCAN);
    meters.bindTo(platform.metrics());
    return meters;
  }

  private static String clientId(String name) {
    return name + "-" + SEQUENCE.incrementAndGet();
  }
}
