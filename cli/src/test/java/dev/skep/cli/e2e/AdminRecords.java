package dev.skep.cli.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.KafkaConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Records as they lie, for who may read and write all of them. */
final class AdminRecords implements AutoCloseable {
  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> consumer;
  private final Set<String> letters = new TreeSet<>();

  AdminRecords(KafkaConfig admin) {
    Properties p = new Properties();
    p.put("bootstrap.servers", admin.bootstrapServers());
    p.putAll(admin.properties());
    producer = new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer());
    consumer = new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    TopicPartition all = new TopicPartition(Topics.DEAD_LETTERS.name(), 0);
    consumer.assign(Set.of(all));
    consumer.seekToBeginning(Set.of(all));
  }

  void write(String topic, String key, String value) throws Exception {
    producer.send(new ProducerRecord<>(topic, bytes(key), bytes(value))).get();
  }

  /** {@code TOPIC READER} of every dead letter so far. */
  Set<String> deadLetters() throws IOException {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
      JsonNode letter = Json.mapper().readTree(record.value());
      letters.add(letter.path("topic").asText() + " " + letter.path("reader").asText());
    }
    return letters;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}
