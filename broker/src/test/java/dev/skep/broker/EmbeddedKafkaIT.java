package dev.skep.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
  private static final String TOPIC = "things";

  @TempDir Path dir;

  @Test
  void startedAgainItGoesOnWithTheSameClusterAndItsRecords() throws Exception {
    String before;
    try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0)) {
      before = kafka.clusterId();
      makeTopic(kafka);
      write(kafka, "one");
    }

    try (EmbeddedKafka again = EmbeddedKafka.start(dir, 0)) {
      write(again, "two");

      assertThat(again.clusterId()).isEqualTo(before);
      assertThat(read(again, 2)).containsExactly("one", "two");
    }
  }

  /** A copy of the live directory is what a crash leaves behind, page cache included. */
  @Test
  void afterACrashWhatWasAcknowledgedIsThere() throws Exception {
    Path crashed = dir.resolve("crashed");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(dir.resolve("live"), 0)) {
      makeTopic(kafka);
      write(kafka, "one");
      copy(dir.resolve("live"), crashed);
    }

    try (EmbeddedKafka again = EmbeddedKafka.start(crashed, 0)) {
      assertThat(read(again, 1)).containsExactly("one");
    }
  }

  @Test
  void listensOnLoopbackOnly() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0)) {
      int port = Integer.parseInt(kafka.bootstrapServers().split(":", -1)[1]);

      assertThat(kafka.bootstrapServers()).startsWith("127.0.0.1:");
      for (InetAddress address : otherAddresses()) {
        assertThatThrownBy(() -> new Socket(address, port).close())
            .as("%s:%d", address, port)
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void aSecondBrokerOnTheSameDirectoryIsOneClearLine() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0)) {
      assertThat(kafka.bootstrapServers()).isNotEmpty();

      assertThatThrownBy(() -> EmbeddedKafka.start(dir, 0))
          .isInstanceOf(BrokerException.class)
          .hasMessage(
              "another broker is using %s: stop it first, or choose another data directory", dir);
    }
  }

  @Test
  void aPortInUseIsOneClearLineAndLeavesTheDirectoryFree() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> EmbeddedKafka.start(dir, port))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("127.0.0.1:" + port)
          .hasMessageContaining("stop what uses that port");
    }
    EmbeddedKafka.start(dir, 0).close();
  }

  @Test
  void aDataDirectoryThatIsAFileIsOneClearLine() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "");

    assertThatThrownBy(() -> EmbeddedKafka.start(file, 0))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining(file.toString())
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void aDataDirectoryThatCannotBeMadeIsOneClearLine() {
    assertThatThrownBy(() -> EmbeddedKafka.start(Path.of("/proc/skep/broker"), 0))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("/proc/skep/broker")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void closingTwiceIsClosingOnce() {
    EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0);
    kafka.close();

    kafka.close();

    EmbeddedKafka.start(dir, 0).close();
  }

  private static void makeTopic(EmbeddedKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(Set.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
    }
  }

  private static void write(EmbeddedKafka kafka, String value) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, "key", value)).get();
    }
  }

  private static List<String> read(EmbeddedKafka kafka, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(TOPIC, 0);
      consumer.assign(Set.of(partition));
      consumer.seekToBeginning(Set.of(partition));
      for (int polls = 0; values.size() < count && polls < 100; polls++) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          values.add(record.value());
        }
      }
    }
    return values;
  }

  private static List<InetAddress> otherAddresses() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress())
        .toList();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
