package dev.skep.testing;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.awaitility.Awaitility;

/** The one broker of a test JVM. */
final class SharedBroker implements KafkaTest, AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path dir;
  private final EmbeddedKafka kafka;

  private SharedBroker(Path dir, EmbeddedKafka kafka) {
    this.dir = dir;
    this.kafka = kafka;
  }

  static SharedBroker start() {
    Path dir = Dirs.temp("skep-test-broker");
    SharedBroker broker = new SharedBroker(dir, EmbeddedKafka.start(dir, 0));
    broker.wipe();
    return broker;
  }

  @Override
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  @Override
  public void wipe() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      deleteTopics(admin);
      Collection<GroupListing> groups = admin.listGroups().all().get();
      admin.deleteConsumerGroups(groups.stream().map(GroupListing::groupId).toList()).all().get();
      awaitKnown(admin, createTopics(admin));
    } catch (ExecutionException e) {
      throw new IllegalStateException("the test broker's topics could not be made anew", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Those of the table whether listed or not: the listing may be older than their creation. */
  private static void deleteTopics(Admin admin) throws ExecutionException, InterruptedException {
    Collection<String> names = new TreeSet<>(admin.listTopics().names().get());
    Topics.all().forEach(t -> names.add(t.name()));
    for (KafkaFuture<Void> deleted : admin.deleteTopics(names).topicNameValues().values()) {
      try {
        deleted.get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
  }

  private static Map<String, Uuid> createTopics(Admin admin)
      throws ExecutionException, InterruptedException {
    List<NewTopic> topics =
        Topics.all().stream()
            .map(t -> new NewTopic(t.name(), 1, (short) 1).configs(t.config()))
            .toList();
    CreateTopicsResult created = admin.createTopics(topics);
    Map<String, Uuid> ids = new TreeMap<>();
    for (TopicSpec spec : Topics.all()) {
      ids.put(spec.name(), created.topicId(spec.name()).get());
    }
    return ids;
  }

  /** A reader that still met the old topics would believe that its store was replaced. */
  private static void awaitKnown(Admin admin, Map<String, Uuid> ids) {
    Awaitility.await()
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .ignoreExceptions()
        .until(
            () -> {
              Map<String, Uuid> known = new TreeMap<>();
              admin
                  .describeTopics(ids.keySet())
                  .allTopicNames()
                  .get()
                  .forEach((name, topic) -> known.put(name, topic.topicId()));
              return known.equals(ids);
            });
  }

  @Override
  public void close() {
    kafka.close();
    Dirs.delete(dir);
  }
}
