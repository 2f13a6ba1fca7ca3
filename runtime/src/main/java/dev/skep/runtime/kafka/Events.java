package dev.skep.runtime.kafka;

import dev.skep.model.event.EventCodec;
import dev.skep.model.event.EventType;
import dev.skep.model.event.UnreadableEventException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records as CloudEvents 1.0 in Kafka's binary mode: attributes in headers, data as the value. */
final class Events {
  private static final String CORRELATION = "correlationid";

  private Events() {}

  /**
   * What was read.
   *
   * @param meta null for a tombstone
   * @param value null for a tombstone
   */
  record Decoded<T>(EventMeta meta, T value) {}

  static <T> ProducerRecord<String, byte[]> encode(Write<T> write, String principal, Clock clock) {
    return encode(write, principal, clock, UUID.randomUUID().toString());
  }

  /** With an id that the caller chose, for events that must be told apart from their repetition. */
  static <T> ProducerRecord<String, byte[]> encode(
      Write<T> write, String principal, Clock clock, String id) {
    String topic = write.topic().name();
    if (write.value() == null) {
      return new ProducerRecord<>(topic, write.key(), null);
    }
    CloudEventBuilder event =
        CloudEventBuilder.v1()
            .withId(id)
            .withSource(URI.create("/skep/" + principal))
            .withType(write.codec().typeOf(write.value(), write.what()).toString())
            .withTime(OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
            .withDataContentType("application/json")
            .withData(write.codec().write(write.value()));
    if (write.correlationId() != null) {
      event.withExtension(CORRELATION, write.correlationId());
    }
    return KafkaMessageFactory.createWriter(topic, write.key()).writeBinary(event.build());
  }

  static <T> Decoded<T> decode(ConsumerRecord<byte[], byte[]> record, EventCodec<T> codec)
      throws UnreadableEventException {
    if (record.value() == null) {
      return new Decoded<>(null, null);
    }
    CloudEvent event = read(record);
    EventType type;
    try {
      type = EventType.parse(event.getType());
    } catch (IllegalArgumentException e) {
      throw new UnreadableEventException(e.getMessage(), e);
    }
    byte[] data = event.getData() == null ? null : event.getData().toBytes();
    Object correlation = event.getExtension(CORRELATION);
    Instant time =
        event.getTime() == null
            ? Instant.ofEpochMilli(record.timestamp())
            : event.getTime().toInstant();
    EventMeta meta =
        new EventMeta(
            event.getId(),
            String.valueOf(event.getSource()),
            type,
            time,
            correlation == null ? null : correlation.toString());
    return new Decoded<>(meta, codec.read(type, data));
  }

  /** A record's key as text; null if it has none. */
  static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
  }

  private static CloudEvent read(ConsumerRecord<byte[], byte[]> record)
      throws UnreadableEventException {
    try {
      return KafkaMessageFactory.createReader(record).toEvent();
    } catch (CloudEventRWException | IllegalArgumentException | IllegalStateException e) {
      // Its message may quote the data, which may hold what must not spread.
      throw new UnreadableEventException("the record is not a CloudEvent in binary mode", e);
    }
  }
}
