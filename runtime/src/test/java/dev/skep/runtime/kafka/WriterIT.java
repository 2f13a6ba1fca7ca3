package dev.skep.runtime.kafka;

import static dev.skep.runtime.kafka.KafkaFixture.await;
import static dev.skep.runtime.kafka.KafkaFixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.model.Codecs;
import dev.skep.model.cluster.Network;
import dev.skep.model.topic.Topics;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.WithKafka;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithKafka
class WriterIT {
  private final KafkaTest kafka;
  private KafkaFixture fixture;

  WriterIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void open() {
    kafka.wipe();
    fixture = new KafkaFixture(kafka);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aSecondWriterOfAPrincipalFencesTheFirst() {
    Writer first = fixture.writer("inventory");
    first.publish(List.of(put("a", "first")));
    Writer second = fixture.writer("inventory");

    assertThatThrownBy(() -> first.publish(List.of(put("a", "zombie"))))
        .isInstanceOf(FencedException.class)
        .hasMessageContaining("'inventory'");

    second.publish(List.of(put("b", "second")));
    assertThat(fixture.fatal).hasSize(1).first().isInstanceOf(FencedException.class);
    TopicView<Network> view = fixture.networks(c -> {});
    assertThat(view.get("a")).map(Network::name).contains("first");
    assertThat(view.get("b")).isPresent();
  }

  @Test
  void aFencedWriterStaysFenced() {
    Writer first = fixture.writer("inventory");
    fixture.writer("inventory");
    assertThatThrownBy(() -> first.publish(List.of(put("a", "x"))))
        .isInstanceOf(FencedException.class);

    assertThatThrownBy(() -> first.publish(List.of(put("a", "y"))))
        .isInstanceOf(FencedException.class);

    assertThat(fixture.fatal).hasSize(1);
  }

  @Test
  void writersOfDifferentPrincipalsDoNotFenceEachOther() {
    Writer one = fixture.writer("edge-agent-one");
    Writer two = fixture.writer("edge-agent-two");

    one.publish(List.of(put("a", "one")));
    two.publish(List.of(put("b", "two")));

    assertThat(fixture.networks(c -> {}).values()).containsOnlyKeys("a", "b");
    assertThat(fixture.fatal).isEmpty();
  }

  @Test
  void aRefusedRecordTakesItsWholeTransactionAlongAndTheWriterGoesOn() {
    Writer writer = fixture.writer("inventory");
    String tooLarge = "x".repeat(9_000_000);

    assertThatThrownBy(() -> writer.publish(List.of(put("a", "small"), put("b", tooLarge))))
        .isInstanceOf(PublishException.class)
        .isNotInstanceOf(FencedException.class);

    writer.publish(List.of(put("c", "after")));
    assertThat(fixture.networks(c -> {}).values()).containsOnlyKeys("c");
    assertThat(fixture.fatal).isEmpty();
  }

  @Test
  void aRecordOfSomeMebibytesPasses() {
    Writer writer = fixture.writer("deployer");
    String large = "x".repeat(4_000_000);

    writer.publish(List.of(put("a", large)));

    assertThat(fixture.networks(c -> {}).get("a")).map(Network::name).contains(large);
  }

  @Test
  void correlationIdTravelsWithTheEvent() {
    List<TopicView.Change<Network>> changes = new CopyOnWriteArrayList<>();
    fixture.networks(changes::add);

    fixture
        .writer("inventory")
        .publish(
            List.of(
                Write.put(
                    Topics.NETWORKS,
                    Codecs.NETWORKS,
                    "a",
                    KafkaFixture.network("a", "net"),
                    "created",
                    "cause-1")));

    await().until(() -> changes.size() == 1);
    assertThat(changes.getFirst().meta().correlationId()).isEqualTo("cause-1");
  }

  @Test
  void aPlainPublisherConfirmsEachRecord() throws Exception {
    PlainPublisher publisher = fixture.closing(PlainPublisher.open(fixture.platform, "node-agent"));

    publisher.publish(put("a", "plain")).toCompletableFuture().get(20, TimeUnit.SECONDS);

    assertThat(fixture.networks(c -> {}).get("a")).map(Network::name).contains("plain");
  }
}
