package dev.skep.runtime.kafka;

import static dev.skep.runtime.kafka.KafkaFixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.runtime.Platform;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A simulation, with Kafka's own mock producer: a real broker cannot be made to lose the answer to
 * a commit at will.
 */
class WriterSettlingTest {
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private Platform platform;
  private Writer writer;

  @BeforeEach
  void open() {
    platform = Platform.create(KafkaConfig.of("127.0.0.1:1"), fatal::add);
    producer.initTransactions();
    writer = new Writer(platform, "inventory", producer);
  }

  @AfterEach
  void close() {
    writer.close();
    platform.close();
  }

  @Test
  void aCommitWhoseAnswerWasLostIsFinishedByTheNextCall() {
    producer.commitTransactionException = new TimeoutException("simulated");
    assertThatThrownBy(() -> writer.publish(List.of(put("a", "one"))))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("outcome unknown");
    producer.commitTransactionException = null;

    writer.publish(List.of(put("b", "two")));

    assertThat(committed()).containsExactly("a", "b");
    assertThat(fatal).isEmpty();
  }

  @Test
  void aFailedCommitIsTakenBack() {
    producer.commitTransactionException = new KafkaException("simulated");
    assertThatThrownBy(() -> writer.publish(List.of(put("a", "one"))))
        .isInstanceOf(PublishException.class);
    producer.commitTransactionException = null;

    writer.publish(List.of(put("b", "two")));

    assertThat(committed()).containsExactly("b");
    assertThat(fatal).isEmpty();
  }

  @Test
  void anAbortWhoseAnswerWasLostIsFinishedByTheNextCall() {
    producer.commitTransactionException = new KafkaException("simulated");
    producer.abortTransactionException = new TimeoutException("simulated");
    assertThatThrownBy(() -> writer.publish(List.of(put("a", "one"))))
        .isInstanceOf(PublishException.class);
    producer.commitTransactionException = null;
    producer.abortTransactionException = null;

    writer.publish(List.of(put("b", "two")));

    assertThat(committed()).containsExactly("b");
  }

  @Test
  void fencedWhileTakingBackIsFatalOnce() {
    producer.commitTransactionException = new KafkaException("simulated");
    producer.abortTransactionException = new ProducerFencedException("simulated");
    assertThatThrownBy(() -> writer.publish(List.of(put("a", "one"))))
        .isInstanceOf(FencedException.class);

    assertThatThrownBy(() -> writer.publish(List.of(put("a", "one"))))
        .isInstanceOf(FencedException.class);

    assertThat(fatal).hasSize(1);
  }

  @Test
  void anErrorThatCannotBeTakenBackIsFatal() {
    producer.commitTransactionException = new KafkaException("simulated");
    producer.abortTransactionException = new KafkaException("simulated, too");

    assertThatThrownBy(() -> writer.publish(List.of(put("a", "one"))))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("cannot go on");

    assertThat(fatal).hasSize(1);
  }

  private List<String> committed() {
    return producer.history().stream().map(ProducerRecord::key).toList();
  }
}
