package dev.skep.runtime.kafka;

import dev.skep.runtime.Platform;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The id of the topic that a reader reads, and whether it is still the same one. */
final class TopicIdentity implements TopicWatch.Listener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopicIdentity.class);

  private final Platform platform;
  private final String reader;
  private final String topic;
  private final CompletableFuture<String> first = new CompletableFuture<>();
  private final AtomicBoolean changed = new AtomicBoolean();
  private volatile boolean reachable;

  /** By {@link System#nanoTime}: when the look began that was answered last. */
  private volatile long askedAt;

  TopicIdentity(Platform platform, String reader, String topic) {
    this.platform = platform;
    this.reader = reader;
    this.topic = topic;
  }

  /** Begins to ask. */
  void watch() {
    TopicWatch.add(platform.kafka(), this);
  }

  /**
   * Waits until the topic is there.
   *
   * @throws IllegalStateException if it was closed before
   */
  void await() {
    try {
      first.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("closed", e);
    }
  }

  /** The id; null until the topic was found. */
  String known() {
    return first.isCompletedExceptionally() ? null : first.getNow(null);
  }

  /** Whether the topic is another one than it was. */
  boolean changed() {
    return changed.get();
  }

  boolean reachable() {
    return reachable;
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public void id(String topicId) {
    if (first.complete(topicId) || first.isCompletedExceptionally()) {
      return;
    }
    if (!topicId.equals(first.join()) && changed.compareAndSet(false, true)) {
      String message =
          "topic %s was deleted and made anew while %s read it (id %s, now %s)"
              .formatted(topic, reader, first.join(), topicId);
      log.atError().addKeyValue("topic", topic).addKeyValue("reader", reader).log("Store changed");
      platform.fatal().accept(new StoreChangedException(message));
    }
  }

  /** How long ago a look began that was answered; of no meaning while not reachable. */
  Duration sinceAnswer() {
    return Duration.ofNanos(System.nanoTime() - askedAt);
  }

  @Override
  public void answered(long asked) {
    askedAt = asked;
    reachable = true;
  }

  @Override
  public void unreachable() {
    reachable = false;
  }

  /** After this the id stays known. */
  @Override
  public void close() {
    TopicWatch.remove(platform.kafka(), this);
    first.completeExceptionally(new IllegalStateException("closed"));
  }
}
