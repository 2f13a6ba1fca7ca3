package dev.skep.runtime.kafka;

import static dev.skep.runtime.kafka.KafkaFixture.await;
import static dev.skep.runtime.kafka.KafkaFixture.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.model.cluster.Network;
import dev.skep.model.topic.Topics;
import dev.skep.testing.Ports;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a broker of its own, which is stopped and started. */
class BrokerLossIT {
  @TempDir Path dir;

  private final int port = Ports.free();
  private final List<TopicView.Change<Network>> changes = new CopyOnWriteArrayList<>();
  private EmbeddedKafka broker;
  private KafkaFixture fixture;

  @BeforeEach
  void open() {
    broker = EmbeddedKafka.start(dir, port);
    fixture = new KafkaFixture(broker.bootstrapServers(), Clock.systemUTC());
    TopicAdmin.ensure(fixture.platform.kafka(), Topics.all());
  }

  @AfterEach
  void close() {
    fixture.close();
    broker.close();
  }

  @Test
  void aViewKeepsItsStateWhileTheBrokerIsAwayAndCatchesUpAfter() {
    Writer writer = fixture.writer("inventory");
    writer.publish(List.of(put("a", "before")));
    TopicView<Network> view = fixture.networks(changes::add);
    await().until(view::connected);
    broker.close();
    await().until(() -> !view.connected());
    assertThat(view.get("a")).map(Network::name).contains("before");

    broker = EmbeddedKafka.start(dir, port);
    publish(writer, put("b", "after"));

    await().until(() -> view.get("b").isPresent());
    await().until(view::connected);
    assertThat(view.values()).containsOnlyKeys("a", "b");
    assertThat(changes).filteredOn(c -> c.key().equals("a")).hasSize(1);
    assertThat(fixture.fatal).isEmpty();
  }

  @Test
  void aViewOpenedWithoutABrokerWaitsForIt() {
    fixture.writer("inventory").publish(List.of(put("a", "one")));
    broker.close();
    TopicView<Network> view =
        fixture.closing(
            TopicView.open(
                fixture.platform,
                "test",
                Topics.NETWORKS,
                dev.skep.model.Codecs.NETWORKS,
                changes::add));

    broker = EmbeddedKafka.start(dir, port);

    await().until(view::ready);
    assertThat(view.values()).containsOnlyKeys("a");
  }

  @Test
  void aCommandLoopGoesOnAfterTheBrokerCameBack() {
    Writer writer = fixture.writer("deployer");
    List<String> folded = new CopyOnWriteArrayList<>();
    CommandLoop loop =
        fixture.closing(
            CommandLoop.open(
                fixture.platform,
                writer,
                "deployer",
                command -> {
                  folded.add(command.id());
                  return List.of(put("net-" + command.id(), "folded"));
                }));
    await().until(loop::ready);
    broker.close();
    broker = EmbeddedKafka.start(dir, port);

    CommandLoopIT.send(fixture, CommandLoopIT.command("c1", "deployer"));

    TopicView<Network> view = fixture.networks(changes::add);
    await().until(() -> view.get("net-c1").isPresent());
    assertThat(folded).containsExactly("c1");
  }

  /** As a reconciler would: what was not confirmed is published again. */
  private static void publish(Writer writer, Write<?> write) {
    await()
        .ignoreExceptionsMatching(e -> e instanceof PublishException)
        .until(
            () -> {
              writer.publish(List.of(write));
              return true;
            });
  }
}
