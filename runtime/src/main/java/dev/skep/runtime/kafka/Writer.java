package dev.skep.runtime.kafka;

import dev.skep.runtime.Platform;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fenced writer of one principal. Each process that opens it fences the one before: of two
 * processes that both believe to be it, only the newer can write.
 *
 * <p>It never makes itself the newer one again: whatever goes wrong, it goes on with the epoch that
 * it was opened with, or ends the process.
 *
 * <p>Thread-safe; transactions are made one after the other.
 */
public final class Writer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Writer.class);
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(60);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  /** What a call left undone because the broker did not answer in time. */
  private enum Unsettled {
    NOTHING,
    COMMIT,
    ABORT
  }

  private final Platform platform;
  private final String principal;
  private final Producer<String, byte[]> producer;
  private final KafkaClientMetrics meters;
  private final ReentrantLock lock = new ReentrantLock(true);
  private Unsettled unsettled = Unsettled.NOTHING;
  private PublishException broken;

  Writer(Platform platform, String principal, Producer<String, byte[]> producer) {
    this.platform = platform;
    this.principal = principal;
    this.producer = producer;
    this.meters = Clients.bind(platform, producer);
  }

  private static Producer<String, byte[]> transactional(Platform platform, String principal) {
    try {
      return Clients.transactional(platform, principal);
    } catch (KafkaException e) {
      // Of its settings, too; but these were good for the clients before this one.
      throw new PublishException(
          "writer '" + principal + "' cannot be made: " + TlsFailure.deepest(e), e);
    }
  }

  /**
   * Opens the writer and fences older ones; blocks until the broker answered, at most 60 s.
   *
   * @param principal {@code inventory}, {@code edge-agent-NAME}; the transactional id
   * @throws PublishException if the broker does not answer
   */
  public static Writer open(Platform platform, String principal) {
    Producer<String, byte[]> producer = transactional(platform, principal);
    long end = System.nanoTime() + OPEN_LIMIT.toNanos();
    while (true) {
      try {
        producer.initTransactions();
        return new Writer(platform, principal, producer);
      } catch (TimeoutException e) {
        if (System.nanoTime() < end) {
          continue;
        }
        producer.close(Duration.ZERO);
        throw new PublishException(
            "the broker at " + platform.kafka().bootstrapServers() + " does not answer", e);
      } catch (KafkaException e) {
        producer.close(Duration.ZERO);
        throw new PublishException(
            "writer '"
                + principal
                + "' cannot be opened: "
                + Objects.requireNonNullElse(Refusals.reason(e), e.getMessage()),
            e);
      }
    }
  }

  /** Who writes. */
  public String principal() {
    return principal;
  }

  /**
   * Writes all in one transaction: readers see either all of them or none. Blocks until the broker
   * has confirmed it. An empty list does nothing.
   *
   * @throws FencedException if a newer process writes as this principal; the platform's {@code
   *     fatal} has been called
   * @throws PublishException if it was not confirmed; the same writes may be published again
   */
  public void publish(List<Write<?>> writes) {
    if (!writes.isEmpty()) {
      transact(writes, Map.of(), null);
    }
  }

  /**
   * Writes, and commits a reader's place, in one transaction.
   *
   * @param group whose place; null if there is none to commit
   */
  void transact(
      List<Write<?>> writes,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      ConsumerGroupMetadata group) {
    // Before anything is begun: what cannot be encoded is the caller's error, not the broker's.
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>(writes.size());
    for (Write<?> write : writes) {
      records.add(Events.encode(write, principal, platform.clock()));
    }
    lock.lock();
    try {
      settleLocked();
      producer.beginTransaction();
      // From here to the commit, whatever goes wrong must be taken back.
      unsettled = Unsettled.ABORT;
      for (ProducerRecord<String, byte[]> record : records) {
        // A failed send makes the commit fail, with its cause.
        var _ = producer.send(record);
      }
      if (group != null) {
        producer.sendOffsetsToTransaction(offsets, group);
      }
      unsettled = Unsettled.COMMIT;
      producer.commitTransaction();
      unsettled = Unsettled.NOTHING;
    } catch (RuntimeException e) {
      throw failed(e);
    } finally {
      lock.unlock();
    }
  }

  /** Finishes what an earlier call left undone, so that its outcome is known. */
  void settle() {
    lock.lock();
    try {
      settleLocked();
    } catch (RuntimeException e) {
      throw failed(e);
    } finally {
      lock.unlock();
    }
  }

  private void settleLocked() {
    if (broken != null) {
      throw broken;
    }
    switch (unsettled) {
      case NOTHING -> {}
      case COMMIT -> producer.commitTransaction();
      case ABORT -> producer.abortTransaction();
    }
    unsettled = Unsettled.NOTHING;
  }

  private PublishException failed(RuntimeException e) {
    if (e == broken) {
      return broken;
    }
    if (caused(e, ProducerFencedException.class)) {
      return fenced(e);
    }
    boolean late = e instanceof TimeoutException || e instanceof InterruptException;
    if (!(late && unsettled == Unsettled.COMMIT)) {
      PublishException worse = abort();
      if (worse != null) {
        return worse;
      }
    }
    String outcome = unsettled == Unsettled.COMMIT ? " (outcome unknown)" : "";
    return new PublishException(
        "a transaction of '" + principal + "' was not confirmed" + outcome + ": " + e, e);
  }

  /** Takes the transaction back; what cannot be taken back now is left for the next call. */
  private PublishException abort() {
    if (unsettled == Unsettled.NOTHING) {
      return null;
    }
    unsettled = Unsettled.ABORT;
    try {
      producer.abortTransaction();
      unsettled = Unsettled.NOTHING;
      return null;
    } catch (TimeoutException | InterruptException e) {
      return null;
    } catch (RuntimeException e) {
      if (caused(e, ProducerFencedException.class)
          || caused(e, InvalidProducerEpochException.class)) {
        return fenced(e);
      }
      return broken(
          new PublishException("writer '" + principal + "' cannot go on: " + e.getMessage(), e));
    }
  }

  private PublishException fenced(RuntimeException e) {
    return broken(
        new FencedException(
            "a newer process writes as '"
                + principal
                + "': this one ends, so that it can start"
                + " anew if it is still wanted",
            e));
  }

  private PublishException broken(PublishException e) {
    broken = e;
    log.atError().setCause(e).addKeyValue("principal", principal).log("Writer cannot go on");
    platform.fatal().accept(e);
    return e;
  }

  private static boolean caused(Throwable e, Class<? extends Throwable> type) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  /** Ends it; a transaction under way is finished first, within 5 s. */
  @Override
  public void close() {
    boolean free = false;
    try {
      free = lock.tryLock(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      meters.close();
      producer.close(free ? CLOSE_LIMIT : Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      producer.close(Duration.ZERO);
    } catch (InterruptException e) {
      log.atWarn().addKeyValue("principal", principal).log("Writer was interrupted as it closed");
    } finally {
      if (free) {
        lock.unlock();
      }
    }
  }
}
