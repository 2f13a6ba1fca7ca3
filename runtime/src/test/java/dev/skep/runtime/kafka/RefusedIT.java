package dev.skep.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.model.Codecs;
import dev.skep.model.cluster.Network;
import dev.skep.model.topic.Acl;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.testing.SecuredBroker;
import dev.skep.testing.TestCa;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers and writers of a service that the broker does not let do what they ask for. */
class RefusedIT {
  @TempDir static Path dir;
  private static SecuredBroker broker;

  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    broker = SecuredBroker.start(dir);
    init();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static void init() {
    TopicAdmin.ensure(config(broker.client("admin")), Topics.all());
    AclAdmin.ensure(config(broker.client("admin")), Acl.all());
  }

  @Test
  void aRefusedWriteIsToldToWhoWroteAndToNobodyElse() {
    List<Throwable> unhandled = new CopyOnWriteArrayList<>();
    TestCa stranger = new TestCa(dir.resolve("stranger"));
    try (Platform foreign = platform(broker.client(stranger.issue("CN=inventory")));
        Platform monitor = platform(broker.client("monitor"));
        PlainPublisher distrusted = PlainPublisher.open(foreign, "inventory");
        PlainPublisher forbidden = PlainPublisher.open(monitor, "monitor")) {
      foreign.vertx().exceptionHandler(unhandled::add);
      monitor.vertx().exceptionHandler(unhandled::add);
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> publish(distrusted))
            .hasCauseInstanceOf(PublishException.class)
            .hasMessageContaining("did not take a record for skep.networks")
            .hasMessageContaining("refuses our certificate");
        assertThatThrownBy(() -> publish(forbidden))
            .hasCauseInstanceOf(PublishException.class)
            .hasMessageContaining("Not authorized to access topics: [skep.networks]");
      }
      assertThatThrownBy(() -> Writer.open(monitor, "inventory"))
          .isInstanceOf(PublishException.class)
          .hasMessageContaining("writer 'inventory' cannot be opened")
          .hasMessageContaining("kafka-init");
    }
    assertThat(unhandled).isEmpty();
    assertThat(fatal).isEmpty();
  }

  /** Neither topics nor rights are there any more: what was read stays until they are others. */
  @Test
  void aBrokerThatComesBackEmptyWipesNothingAndEndsTheServiceOnceItIsSetUpAgain() {
    try (Platform inventory = platform(broker.client("inventory"))) {
      try (Writer writer = Writer.open(inventory, "inventory")) {
        writer.publish(List.of(KafkaFixture.put("n1", "web")));
      }
      try (TopicView<Network> view =
          TopicView.open(inventory, "inventory", Topics.NETWORKS, Codecs.NETWORKS, c -> {})) {
        KafkaFixture.await().until(view::ready);

        broker.restartEmpty();

        KafkaFixture.await().until(() -> !view.connected());
        assertThat(view.values()).containsOnlyKeys("n1");
        assertThat(fatal).isEmpty();
        init();
        KafkaFixture.await().until(() -> !fatal.isEmpty());
        assertThat(fatal.getFirst()).isInstanceOf(StoreChangedException.class);
        assertThat(view.values()).containsOnlyKeys("n1");
      }
    }
  }

  private static void publish(PlainPublisher publisher) throws CompletionException {
    publisher.publish(KafkaFixture.put("n1", "web")).toCompletableFuture().join();
  }

  private Platform platform(Map<String, String> client) {
    return Platform.create(config(client), fatal::add);
  }

  private static KafkaConfig config(Map<String, String> client) {
    return new KafkaConfig(broker.bootstrapServers(), client);
  }
}
