package dev.skep.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.topic.Acl;
import dev.skep.model.topic.Principal;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import dev.skep.testing.SecuredBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every principal on every topic, with Kafka's own clients, on a broker that keeps to rules. */
class RightsIT {
  @TempDir static Path dir;
  private static SecuredBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = SecuredBroker.start(dir);
    KafkaConfig admin = new KafkaConfig(broker.bootstrapServers(), broker.client("admin"));
    TopicAdmin.ensure(admin, Topics.all());
    AclAdmin.ensure(admin, Acl.all());
    try (Producer<byte[], byte[]> producer = producer("admin", Map.of())) {
      for (TopicSpec topic : Topics.all()) {
        producer.send(record(topic)).get();
      }
    }
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @ParameterizedTest
  @EnumSource
  void aPrincipalWritesItsOwnTopicsAndIsRefusedOnEveryOther(Principal principal) {
    List<String> written = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    try (Producer<byte[], byte[]> producer = producer(principal.id(), Map.of())) {
      for (TopicSpec topic : Topics.all()) {
        (allowed(() -> producer.send(record(topic)).get()) ? written : refused).add(topic.name());
      }
    }

    assertThat(written).isEqualTo(names(t -> t.writers().contains(principal)));
    assertThat(refused).isEqualTo(names(t -> !t.writers().contains(principal)));
  }

  @ParameterizedTest
  @EnumSource
  void aPrincipalReadsWhatItNeedsAndIsRefusedTheRest(Principal principal) {
    List<String> read = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = consumer(principal.id(), null)) {
      for (TopicSpec topic : Topics.all()) {
        TopicPartition partition = new TopicPartition(topic.name(), 0);
        consumer.assign(Set.of(partition));
        if (allowed(
            () -> {
              consumer.seekToBeginning(Set.of(partition));
              while (consumer.poll(Duration.ofSeconds(1)).isEmpty()) {
                // Every topic holds a record: it comes, or the refusal does.
              }
            })) {
          read.add(topic.name());
        }
      }
    }

    assertThat(read).isEqualTo(names(t -> t.readers().contains(principal)));
  }

  @ParameterizedTest
  @EnumSource
  void aPrincipalSeesTheTopicsThatItUsesAndChangesNone(Principal principal) {
    TopicAdmin.Absence absence =
        TopicAdmin.look(
            new KafkaConfig(broker.bootstrapServers(), broker.client(principal.id())),
            Topics.all());
    try (Admin client = Admin.create(settings(principal.id()))) {
      for (TopicSpec topic : Topics.all()) {
        assertThat(allowed(() -> client.deleteTopics(List.of(topic.name())).all().get()))
            .as(principal.id() + " deletes " + topic.name())
            .isFalse();
      }
    }

    assertThat(absence.missing()).isEmpty();
    assertThat(absence.forbidden())
        .containsExactlyInAnyOrderElementsOf(names(t -> !t.usedBy(principal)));
  }

  static Stream<Arguments> fencedNames() {
    return Stream.of(
        Arguments.of(Principal.INVENTORY, "skep.inventory", true),
        Arguments.of(Principal.DEPLOYER, "skep.deployer", true),
        Arguments.of(Principal.EDGE_CONFIG, "skep.edge-config", true),
        Arguments.of(Principal.EDGE_AGENT, "skep.edge-agent-edge-1", true),
        Arguments.of(Principal.CERT, "skep.cert", true),
        Arguments.of(Principal.EDGE_AGENT, "skep.edge-config", false),
        Arguments.of(Principal.CERT, "skep.inventory", false),
        Arguments.of(Principal.MONITOR, "skep.monitor", false),
        Arguments.of(Principal.NODE_AGENT, "skep.inventory", false));
  }

  /** Else it could fence another's writer, and end its process again and again. */
  @ParameterizedTest
  @MethodSource("fencedNames")
  void aPrincipalOpensWritersUnderItsOwnNameOnly(Principal principal, String id, boolean may) {
    try (Producer<byte[], byte[]> producer =
        producer(
            principal.id(), Map.of("transactional.id", id, "transaction.timeout.ms", "10000"))) {
      assertThat(allowed(producer::initTransactions)).isEqualTo(may);
    }
  }

  static Stream<Arguments> groups() {
    return Stream.of(
        Arguments.of(Principal.DEPLOYER, "skep.deployer.deployer", true),
        Arguments.of(Principal.EDGE_AGENT, "skep.edge-agent-edge-1.edge", true),
        Arguments.of(Principal.EDGE_AGENT, "skep.deployer.deployer", false),
        Arguments.of(Principal.MONITOR, "skep.deployer.deployer", false));
  }

  /** Else it could move another's place, so that commands were skipped or done twice. */
  @ParameterizedTest
  @MethodSource("groups")
  void aPrincipalCommitsItsOwnPlaceOnly(Principal principal, String group, boolean may) {
    TopicPartition commands = new TopicPartition(Topics.COMMANDS.name(), 0);
    try (Consumer<byte[], byte[]> consumer = consumer(principal.id(), group)) {
      consumer.assign(Set.of(commands));
      assertThat(allowed(() -> consumer.commitSync(Map.of(commands, new OffsetAndMetadata(0)))))
          .isEqualTo(may);
    }
  }

  private interface Call {
    void run() throws Exception;
  }

  /** Whether it was done; anything but a refusal fails the test. */
  private static boolean allowed(Call call) {
    try {
      call.run();
      return true;
    } catch (AuthorizationException e) {
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return false;
      }
      throw new AssertionError(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> names(java.util.function.Predicate<TopicSpec> which) {
    return Topics.all().stream().filter(which).map(TopicSpec::name).toList();
  }

  private static ProducerRecord<byte[], byte[]> record(TopicSpec topic) {
    return new ProducerRecord<>(topic.name(), new byte[] {1}, new byte[] {2});
  }

  private static Properties settings(String who) {
    Properties p = new Properties();
    p.put("bootstrap.servers", broker.bootstrapServers());
    p.putAll(broker.client(who));
    return p;
  }

  private static Producer<byte[], byte[]> producer(String who, Map<String, String> more) {
    Properties p = settings(who);
    p.put("enable.idempotence", "true");
    p.putAll(more);
    return new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Consumer<byte[], byte[]> consumer(String who, String group) {
    Properties p = settings(who);
    p.put("enable.auto.commit", "false");
    p.put("fetch.max.wait.ms", "20");
    if (group != null) {
      p.put("group.id", group);
    }
    return new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
