package dev.skep.runtime.kafka;

import static dev.skep.runtime.kafka.KafkaFixture.await;
import static dev.skep.runtime.kafka.KafkaFixture.network;
import static dev.skep.runtime.kafka.KafkaFixture.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Codecs;
import dev.skep.model.cluster.Network;
import dev.skep.model.event.DeadLetter;
import dev.skep.model.event.EventCodec;
import dev.skep.model.topic.Topics;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.WithKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithKafka
class TopicViewIT {
  private static final String TOPIC = Topics.NETWORKS.name();

  private final KafkaTest kafka;
  private final List<TopicView.Change<Network>> changes = new CopyOnWriteArrayList<>();
  private KafkaFixture fixture;

  TopicViewIT(KafkaTest kafka) {
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
  void replaysWhatIsThereAndThenFollows() {
    Writer writer = fixture.writer("inventory");
    writer.publish(List.of(put("a", "one"), put("b", "two")));
    TopicView<Network> view = fixture.networks(changes::add);

    writer.publish(List.of(put("a", "three")));

    await().until(() -> changes.size() == 3);
    assertThat(changes.get(0).replay()).isTrue();
    assertThat(changes.get(0).before()).isNull();
    assertThat(changes.get(2).replay()).isFalse();
    assertThat(changes.get(2).before()).isEqualTo(network("a", "one"));
    assertThat(changes.get(2).after()).isEqualTo(network("a", "three"));
    assertThat(changes.get(2).meta().source()).isEqualTo("/skep/inventory");
    assertThat(changes.get(2).meta().type()).hasToString("dev.skep.network.updated.v1");
    assertThat(view.values()).containsOnlyKeys("a", "b");
    assertThat(view.appliedOffset()).isEqualTo(changes.get(2).offset());
    assertThat(view.topicId())
        .isEqualTo(TopicAdmin.topicIds(fixture.platform.kafka(), List.of(TOPIC)).get(TOPIC));
    assertThat(view.connected()).isTrue();
  }

  @Test
  void aTombstoneTakesTheKeyAway() {
    Writer writer = fixture.writer("inventory");
    writer.publish(List.of(put("a", "one")));
    TopicView<Network> view = fixture.networks(changes::add);

    writer.publish(List.of(Write.delete(Topics.NETWORKS, Codecs.NETWORKS, "a")));

    await().until(() -> changes.size() == 2);
    assertThat(view.get("a")).isEmpty();
    assertThat(changes.get(1).before()).isEqualTo(network("a", "one"));
    assertThat(changes.get(1).after()).isNull();
    assertThat(changes.get(1).meta()).isNull();
  }

  @Test
  void isReadyWhenTheTopicEndsInAbortedTransactionsAndMarkers() {
    fixture.writer("inventory").publish(List.of(put("a", "one")));
    abortedTransactions(5);

    TopicView<Network> view = fixture.networks(changes::add);

    assertThat(view.values()).containsOnlyKeys("a");
    assertThat(changes).hasSize(1);
  }

  @Test
  void itsPositionIsWhereTheTopicEndsThoughNoRecordIsLeftThere() {
    fixture.writer("inventory").publish(List.of(put("a", "one")));
    abortedTransactions(5);

    TopicView<Network> view = fixture.networks(changes::add);

    // One record and its marker, then five that are never handed over, each with a marker.
    assertThat(view.position()).isEqualTo(12);
    assertThat(view.appliedOffset()).isEqualTo(0);
  }

  @Test
  void itsPositionFollowsTheRecordsAfterTheReplay() {
    Writer writer = fixture.writer("inventory");
    TopicView<Network> view = fixture.networks(changes::add);
    writer.publish(List.of(put("a", "one")));
    await().until(() -> changes.size() == 1);

    long position = view.position();

    assertThat(position).isEqualTo(changes.getFirst().offset() + 1);
  }

  @Test
  void aTailLeavesOutWhatIsThereAlready() {
    Writer writer = fixture.writer("inventory");
    writer.publish(List.of(put("old", "net")));
    TopicView<Network> view =
        fixture.closing(
            TopicView.tail(
                fixture.platform, "test", Topics.NETWORKS, Codecs.NETWORKS, changes::add));
    assertThat(view.awaitReady(Duration.ofSeconds(20))).isTrue();

    writer.publish(List.of(put("new", "net")));

    await().until(() -> view.get("new").isPresent());
    assertThat(view.values()).containsOnlyKeys("new");
    assertThat(changes).hasSize(1);
  }

  @Test
  void anEmptyTopicIsReadyToo() {
    TopicView<Network> view = fixture.networks(changes::add);

    assertThat(view.ready()).isTrue();
    assertThat(view.values()).isEmpty();
    assertThat(view.appliedOffset()).isEqualTo(-1);
  }

  @Test
  void readyMeansAppliedAndNotMerelyFetched() {
    Writer writer = fixture.writer("inventory");
    writer.publish(IntStream.range(0, 2_000).<Write<?>>mapToObj(i -> put("n" + i, "net")).toList());
    AtomicInteger applied = new AtomicInteger();

    fixture.networks(change -> applied.incrementAndGet());

    assertThat(applied).hasValue(2_000);
  }

  @Test
  void recordsThatCannotBeReadAreDeadLettersAndTheKeyKeepsItsLastGoodValue() {
    fixture.writer("inventory").publish(List.of(put("a", "good")));
    List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    fixture.closing(
        TopicView.open(
            fixture.platform,
            "watcher",
            Topics.DEAD_LETTERS,
            Codecs.DEAD_LETTERS,
            c -> letters.add(c.after())));
    TopicView<Network> view = fixture.networks(changes::add);

    fixture.raw(TOPIC, "a", "\u0000garbage", Map.of());
    fixture.raw(TOPIC, "a", "{broken", headers("dev.skep.network.updated.v1"));
    fixture.raw(TOPIC, "a", "{}", headers("dev.skep.planet.updated.v1"));
    fixture.raw(TOPIC, "a", "{}", headers("dev.skep.network.updated.v7"));
    fixture.raw(TOPIC, "a", "{}", headers("org.example.other"));
    fixture.raw(TOPIC, "b", json("b", "next"), headers("dev.skep.network.updated.v1"));

    await().until(() -> view.get("b").isPresent() && letters.size() == 5);
    assertThat(view.get("a")).contains(network("a", "good"));
    assertThat(letters)
        .extracting(DeadLetter::reason)
        .satisfiesExactly(
            r -> assertThat(r).contains("not a CloudEvent"),
            r -> assertThat(r).contains("cannot be read"),
            r -> assertThat(r).contains("unknown entity 'planet'"),
            r -> assertThat(r).contains("version 7"),
            r -> assertThat(r).contains("unknown event type 'org.example.other'"));
    assertThat(letters).extracting(DeadLetter::reader).containsOnly("test");
    assertThat(letters).extracting(DeadLetter::topic).containsOnly(TOPIC);
    assertThat(deadLettersCounted()).isEqualTo(5);
  }

  @Test
  void thePreviousVersionIsBroughtToThePresentOne() {
    EventCodec<Network> second =
        EventCodec.<Network>create()
            .and(
                "network",
                2,
                Network.class,
                old -> ((ObjectNode) old).put("name", "upgraded-" + old.get("name").asText()));
    fixture.raw(TOPIC, "a", json("a", "one"), headers("dev.skep.network.updated.v1"));
    fixture.raw(TOPIC, "b", json("b", "two"), headers("dev.skep.network.updated.v2"));

    TopicView<Network> view =
        fixture.closing(
            TopicView.open(fixture.platform, "test", Topics.NETWORKS, second, changes::add));

    assertThat(view.awaitReady(Duration.ofSeconds(20))).isTrue();
    assertThat(view.get("a")).contains(network("a", "upgraded-one"));
    assertThat(view.get("b")).contains(network("b", "two"));
  }

  @Test
  void aHandlerThatThrowsDoesNotStopTheView() {
    Writer writer = fixture.writer("inventory");
    TopicView<Network> view =
        fixture.networks(
            change -> {
              changes.add(change);
              if (change.key().equals("bad")) {
                throw new IllegalStateException("made to fail by the test");
              }
            });

    writer.publish(List.of(put("bad", "one"), put("good", "two")));

    await().until(() -> changes.size() == 2);
    assertThat(view.values()).containsOnlyKeys("bad", "good");
    assertThat(
            fixture
                .platform
                .metrics()
                .get("skep.events.handler.failures")
                .tag("topic", TOPIC)
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void changesComeInOrderAndOneAtATimeThoughTheHandlerBlocks() {
    Writer writer = fixture.writer("inventory");
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    fixture.networks(
        change -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          CompletableFuture.runAsync(Thread::yield).join();
          changes.add(change);
          inside.decrementAndGet();
        });

    writer.publish(IntStream.range(0, 200).<Write<?>>mapToObj(i -> put("k" + i, "net")).toList());

    await().until(() -> changes.size() == 200);
    assertThat(most).hasValue(1);
    assertThat(changes).extracting(TopicView.Change::offset).isSorted();
  }

  @Test
  void aTopicMadeAnewWhileItIsReadIsFatal() {
    fixture.writer("inventory").publish(List.of(put("a", "one")));
    TopicView<Network> view = fixture.networks(changes::add);

    kafka.wipe();

    await().until(() -> !fixture.fatal.isEmpty());
    assertThat(fixture.fatal.getFirst()).isInstanceOf(StoreChangedException.class);
    assertThat(view.values()).containsOnlyKeys("a");
  }

  @Test
  void nothingIsHandedOverAfterClose() {
    Writer writer = fixture.writer("inventory");
    TopicView<Network> view = fixture.networks(changes::add);
    view.close();

    writer.publish(List.of(put("late", "net")));

    TopicView<Network> other = fixture.networks(change -> {});
    assertThat(other.values()).containsOnlyKeys("late");
    assertThat(changes).isEmpty();
  }

  private double deadLettersCounted() {
    return fixture
        .platform
        .metrics()
        .get("skep.events.dead.letters")
        .tag("topic", TOPIC)
        .tag("reader", "test")
        .counter()
        .count();
  }

  private void abortedTransactions(int count) {
    try (KafkaProducer<String, byte[]> producer =
        fixture.rawProducer(Map.of("transactional.id", "aborting"))) {
      producer.initTransactions();
      for (int i = 0; i < count; i++) {
        producer.beginTransaction();
        var _ =
            producer.send(
                KafkaFixture.record(
                    TOPIC, "a", json("a", "aborted"), headers("dev.skep.network.updated.v1")));
        producer.flush();
        producer.abortTransaction();
      }
    }
  }

  private static String json(String id, String name) {
    return new String(
        Codecs.NETWORKS.write(network(id, name)), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Map<String, String> headers(String type) {
    return Map.of(
        "ce_specversion", "1.0",
        "ce_id", "1",
        "ce_source", "/skep/test",
        "ce_type", type,
        "content-type", "application/json");
  }
}
