package dev.skep.runtime.kafka;

import dev.skep.model.cluster.Network;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.testing.KafkaTest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A platform on the test's broker, and raw access to it beside the code under test. */
final class KafkaFixture implements AutoCloseable {
  final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  final Platform platform;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  KafkaFixture(KafkaTest kafka) {
    this(kafka.bootstrapServers(), Clock.systemUTC());
  }

  KafkaFixture(String bootstrapServers, Clock clock) {
    platform = Platform.create(KafkaConfig.of(bootstrapServers), clock, fatal::add);
  }

  /** Closed with the fixture, the last one first. */
  <C extends AutoCloseable> C closing(C closeable) {
    open.push(closeable);
    return closeable;
  }

  Writer writer(String principal) {
    return closing(Writer.open(platform, principal));
  }

  /** A view of networks that was waited for. */
  TopicView<Network> networks(java.util.function.Consumer<TopicView.Change<Network>> onChange) {
    TopicView<Network> view =
        closing(
            TopicView.open(
                platform, "test", Topics.NETWORKS, dev.skep.model.Codecs.NETWORKS, onChange));
    if (!view.awaitReady(Duration.ofSeconds(20))) {
      throw new AssertionError("the view did not become ready");
    }
    return view;
  }

  static Network network(String id, String name) {
    return new Network(id, name, "overlay", false, true, false, List.of(), Map.of());
  }

  static Write<Network> put(String id, String name) {
    return Write.put(
        Topics.NETWORKS, dev.skep.model.Codecs.NETWORKS, id, network(id, name), "updated", null);
  }

  /** Writes bytes as they are, outside any transaction. */
  void raw(String topic, String key, String value, Map<String, String> headers) {
    try (KafkaProducer<String, byte[]> producer = rawProducer(Map.of())) {
      producer.send(record(topic, key, value, headers)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  KafkaProducer<String, byte[]> rawProducer(Map<String, String> settings) {
    Properties p = new Properties();
    p.put("bootstrap.servers", platform.kafka().bootstrapServers());
    p.putAll(settings);
    return new KafkaProducer<>(p, new StringSerializer(), new ByteArraySerializer());
  }

  static ProducerRecord<String, byte[]> record(
      String topic, String key, String value, Map<String, String> headers) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(
            topic, key, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    headers.forEach((k, v) -> record.headers().add(k, v.getBytes(StandardCharsets.UTF_8)));
    return record;
  }

  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    platform.close();
  }
}
