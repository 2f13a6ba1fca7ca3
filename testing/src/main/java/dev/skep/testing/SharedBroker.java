package dev.skep.testing;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** The one broker of a test JVM. */
final class SharedBroker implements KafkaTest, AutoCloseable {
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
      Set<String> topics = admin.listTopics().names().get();
      admin.deleteTopics(topics).all().get();
      Collection<GroupListing> groups = admin.listGroups().all().get();
      admin.deleteConsumerGroups(groups.stream().map(GroupListing::groupId).toList()).all().get();
      for (TopicSpec spec : Topics.all()) {
        create(admin, spec);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the test broker's topics could not be made anew", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void create(Admin admin, TopicSpec spec)
      throws ExecutionException, InterruptedException {
    NewTopic topic = new NewTopic(spec.name(), 1, (short) 1).configs(spec.config());
    while (true) {
      try {
        admin.createTopics(Set.of(topic)).all().get();
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
        // Its deletion is under way: the broker's answer is the only sign of its end.
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public void close() {
    kafka.close();
    Dirs.delete(dir);
  }
}
