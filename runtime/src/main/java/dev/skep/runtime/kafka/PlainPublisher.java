package dev.skep.runtime.kafka;

import dev.skep.runtime.Platform;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.vertx.kafka.client.common.KafkaClientOptions;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes single records, idempotently but without a transaction and without fencing: observations,
 * commands, dead letters. Thread-safe.
 */
public final class PlainPublisher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PlainPublisher.class);
  private static final long CLOSE_MILLIS = 5_000;

  private final Platform platform;
  private final String principal;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaClientMetrics meters;

  private PlainPublisher(Platform platform, String principal) {
    this.platform = platform;
    this.principal = principal;
    Properties p = Clients.producerProperties(platform, principal + "-publisher");
    p.put("request.timeout.ms", "10000");
    p.put("delivery.timeout.ms", "30000");
    p.put("max.block.ms", "30000");
    Producer<String, byte[]> bare =
        new org.apache.kafka.clients.producer.KafkaProducer<>(
            p, new StringSerializer(), new ByteArraySerializer());
    this.producer = KafkaProducer.create(platform.vertx(), bare, new KafkaClientOptions());
    // Each send tells its own failure; without a handler Vert.x would log it, too, as unhandled.
    producer.exceptionHandler(told -> {});
    this.meters = Clients.bind(platform, bare);
  }

  /**
   * Opens it; does not wait for the broker.
   *
   * @param principal who writes, as the events' source
   */
  public static PlainPublisher open(Platform platform, String principal) {
    return new PlainPublisher(platform, principal);
  }

  /**
   * Sends a record.
   *
   * @return done when the broker has confirmed it; fails with a {@link PublishException} if that
   *     did not happen within 30 s
   */
  public CompletionStage<Void> publish(Write<?> write) {
    return publish(write, UUID.randomUUID().toString());
  }

  /** With an event id that the caller chose. */
  CompletionStage<Void> publish(Write<?> write, String id) {
    ProducerRecord<String, byte[]> record = Events.encode(write, principal, platform.clock(), id);
    return producer
        .asStream()
        .send(record)
        .toCompletionStage()
        .handle(
            (sent, failure) -> {
              if (failure == null) {
                return null;
              }
              throw new CompletionException(
                  new PublishException(
                      "the broker did not take a record for "
                          + record.topic()
                          + ": "
                          + Objects.requireNonNullElse(Refusals.reason(failure), failure),
                      failure));
            });
  }

  /** Sends what is under way, within 5 s, and ends it. */
  @Override
  public void close() {
    meters.close();
    CompletableFuture<Void> closed =
        producer.close(CLOSE_MILLIS).toCompletionStage().toCompletableFuture();
    try {
      closed.get(CLOSE_MILLIS + 1_000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.atWarn().setCause(e).addKeyValue("principal", principal).log("Publisher did not close");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
