package dev.skep.deployer;

import dev.skep.testing.KafkaTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All that stands in the suite's topics, as it stands there. */
final class TopicBytes {
  private TopicBytes() {}

  /** Keys, headers and values of all records up to now, one after the other. */
  static String read(KafkaTest kafka) {
    StringBuilder all = new StringBuilder();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.listTopics().values().stream()
              .flatMap(List::stream)
              .filter(p -> p.topic().startsWith("skep."))
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(r -> append(r, all));
      }
    }
    return all.toString();
  }

  private static void append(ConsumerRecord<byte[], byte[]> record, StringBuilder to) {
    to.append(record.topic()).append(' ').append(text(record.key()));
    for (Header header : record.headers()) {
      to.append(' ').append(header.key()).append('=').append(text(header.value()));
    }
    to.append(' ').append(text(record.value())).append('\n');
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
