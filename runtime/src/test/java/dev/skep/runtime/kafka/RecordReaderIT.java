package dev.skep.runtime.kafka;

import static dev.skep.runtime.kafka.KafkaFixture.await;
import static dev.skep.runtime.kafka.KafkaFixture.network;
import static dev.skep.runtime.kafka.KafkaFixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.model.Codecs;
import dev.skep.model.cluster.Network;
import dev.skep.model.topic.Topics;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.WithKafka;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithKafka
class RecordReaderIT {
  private final KafkaTest kafka;
  private final List<TopicView.Change<Network>> changes = new CopyOnWriteArrayList<>();
  private KafkaFixture fixture;

  RecordReaderIT(KafkaTest kafka) {
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

  private RecordReader<Network> reader(Duration patience) {
    return new RecordReader<>(fixture.platform, "test", Topics.NETWORKS, Codecs.NETWORKS, patience);
  }

  @Test
  void givesTheValueAtThePlaceThatAViewRemembers() throws Exception {
    Writer writer = fixture.writer("inventory");
    writer.publish(List.of(put("a", "one"), put("b", "two")));
    writer.publish(List.of(put("c", "three")));
    fixture.networks(changes::add);
    await().until(() -> changes.size() == 3);
    RecordReader<Network> reader = reader(Duration.ofSeconds(15));

    for (TopicView.Change<Network> change : changes) {
      assertThat(reader.read(change.key(), change.offset())).contains(change.after());
    }
    assertThat(reader.read("b", changes.getFirst().offset()))
        .as("the record there is another key's")
        .isEmpty();
    assertThat(reader.read("b", changes.get(1).offset())).contains(network("b", "two"));
  }

  @Test
  void saysThatTheBrokerDidNotGiveIt() {
    assertThatThrownBy(() -> reader(Duration.ofMillis(200)).read("a", 0))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("skep.networks");
  }
}
