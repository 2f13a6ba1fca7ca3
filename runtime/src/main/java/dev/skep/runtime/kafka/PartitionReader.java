package dev.skep.runtime.kafka;

import dev.skep.runtime.Platform;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.vertx.core.Future;
import io.vertx.kafka.client.common.KafkaClientOptions;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.KafkaConsumerRecords;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic's only partition, call by call: Vert.x's client polls on a thread of its own, and
 * the caller, on a virtual thread, waits for each answer. For one thread at a time, but {@link
 * #wakeUp}.
 */
final class PartitionReader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PartitionReader.class);

  private final TopicPartition partition;
  private final Consumer<byte[], byte[]> bare;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaClientMetrics meters;

  private PartitionReader(Platform platform, String reader, String topic) {
    partition = new TopicPartition(topic, 0);
    bare = Clients.consumer(platform, reader + "-" + topic, null);
    consumer = KafkaConsumer.create(platform.vertx(), bare, new KafkaClientOptions());
    meters = Clients.bind(platform, bare);
  }

  static PartitionReader open(Platform platform, String reader, String topic) {
    PartitionReader opened = new PartitionReader(platform, reader, topic);
    await(opened.consumer.assign(opened.partition));
    return opened;
  }

  long beginning() {
    return await(consumer.beginningOffsets(partition));
  }

  /** The first offset that readers of committed records may not see yet. */
  long end() {
    return await(consumer.endOffsets(partition));
  }

  void seek(long offset) {
    await(consumer.seek(partition, offset));
  }

  /** The next offset that a poll looks at: transaction markers before it are behind it. */
  long position() {
    return await(consumer.position(partition));
  }

  KafkaConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    return await(consumer.poll(timeout));
  }

  /** How far the last poll is behind the end; 0 if unknown. No call to the broker. */
  long lag() {
    // Between two calls nobody else uses the client, so that this thread may.
    return bare.currentLag(
            new org.apache.kafka.common.TopicPartition(
                partition.getTopic(), partition.getPartition()))
        .orElse(0);
  }

  /** Makes a poll under way return. From any thread. */
  void wakeUp() {
    bare.wakeup();
  }

  /**
   * Gives the client up, without waiting for its end: that takes as long as the broker holds back
   * the answer to a fetch, half a second.
   */
  @Override
  public void close() {
    meters.close();
    consumer
        .close()
        .onFailure(
            e ->
                log.atWarn()
                    .setCause(e)
                    .addKeyValue("topic", partition.getTopic())
                    .log("Consumer did not close well"));
  }

  private static <V> V await(Future<V> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
