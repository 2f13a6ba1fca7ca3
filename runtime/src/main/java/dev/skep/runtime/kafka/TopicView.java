package dev.skep.runtime.kafka;

import dev.skep.model.event.EventCodec;
import dev.skep.model.event.UnreadableEventException;
import dev.skep.model.topic.TopicSpec;
import dev.skep.runtime.Platform;
import io.vertx.kafka.client.consumer.KafkaConsumerRecords;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A topic as a map: replays it from the beginning, then follows it. Reads committed records only.
 *
 * <p>A record that cannot be read becomes a dead letter with the reason, is counted ({@code
 * skep_events_dead_letters_total}), and its key keeps its last good value. While the broker is away
 * the last state stays; reading is retried with backoff. If the topic turns out to have been
 * deleted and made anew, or to have lost records that were read, the platform's {@code fatal} is
 * called: what was read is no longer true.
 *
 * <p>Its loop: learn the topic's id; note the end; poll, apply, look whether the position has
 * reached the end. The position is asked for after the records before it were applied, and counts
 * transaction markers, which no record stands for.
 *
 * <p>Thread-safe.
 *
 * @param <T> what the topic's events decode to
 */
public final class TopicView<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopicView.class);

  /** Until the replay is done: a poll that finds only markers returns at its timeout. */
  private static final Duration REPLAY_POLL = Duration.ofMillis(20);

  /** After it: the broker answers at once when there is something, so this costs no latency. */
  private static final Duration TAIL_POLL = Duration.ofSeconds(1);

  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  /** A certificate that was refused is seldom taken a moment later. */
  private static final Duration REFUSED_RETRY = Duration.ofSeconds(20);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  /**
   * One key's change.
   *
   * @param before the value until now; null if there was none
   * @param after the value from now on; null for a tombstone
   * @param offset the record's
   * @param meta null for a tombstone
   * @param replay whether the record was there before the view was opened
   */
  public record Change<T>(
      String key, T before, T after, long offset, EventMeta meta, boolean replay) {}

  private final Platform platform;
  private final String reader;
  private final TopicSpec topic;
  private final EventCodec<T> codec;
  private final Consumer<Change<T>> onChange;

  /** Whether the records that are there already are left out. */
  private final boolean fromEnd;

  private final ViewMeters meters;
  private final DeadLetters deadLetters;
  private final TopicIdentity identity;

  private final Map<String, T> state = new ConcurrentHashMap<>();
  private final Map<String, T> view = Collections.unmodifiableMap(state);
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread loop;
  private volatile PartitionReader source;
  private volatile long applied = -1;
  private volatile boolean failing;

  /** Of the loop alone: the next offset to read, and the end at the first attachment. */
  private long next = -1;

  private long replayEnd = -1;

  private TopicView(
      Platform platform,
      String reader,
      TopicSpec topic,
      EventCodec<T> codec,
      Consumer<Change<T>> onChange,
      boolean fromEnd) {
    this.platform = platform;
    this.reader = reader;
    this.topic = topic;
    this.codec = codec;
    this.onChange = onChange;
    this.fromEnd = fromEnd;
    this.meters = new ViewMeters(platform, topic.name(), reader);
    this.deadLetters = new DeadLetters(platform, topic.name(), reader);
    this.identity = new TopicIdentity(platform, reader, topic.name());
    this.loop = Thread.ofVirtual().name("view-" + reader + "-" + topic.name()).unstarted(this::run);
  }

  /**
   * Opens a view and returns at once; see {@link #ready}.
   *
   * @param reader who reads, in metrics and dead letters: the service's name
   * @param onChange called for each change, in order and never twice at a time, on the view's own
   *     virtual thread, after {@link #values} shows it. It may block, but the view waits. If it
   *     throws, that is logged with the record's place, counted ({@code
   *     skep_events_handler_failures_total}) and the view goes on: the level-triggered reader's
   *     resync heals it.
   */
  public static <T> TopicView<T> open(
      Platform platform,
      String reader,
      TopicSpec topic,
      EventCodec<T> codec,
      Consumer<Change<T>> onChange) {
    return new TopicView<>(platform, reader, topic, codec, onChange, false).started();
  }

  /**
   * Follows a topic from its end on: what it held before is never read. For topics that are no
   * state, whose history says nothing any more.
   *
   * @see #open
   */
  public static <T> TopicView<T> tail(
      Platform platform,
      String reader,
      TopicSpec topic,
      EventCodec<T> codec,
      Consumer<Change<T>> onChange) {
    return new TopicView<>(platform, reader, topic, codec, onChange, true).started();
  }

  private TopicView<T> started() {
    identity.watch();
    loop.start();
    return this;
  }

  /** Whether everything that the topic held when the view was opened has been applied. */
  public boolean ready() {
    return caughtUp.isDone() && !caughtUp.isCompletedExceptionally();
  }

  /**
   * Waits until ready.
   *
   * @return false if it was not ready in time, was closed, or the thread was interrupted (the flag
   *     is then set)
   */
  public boolean awaitReady(Duration timeout) {
    return Waits.done(caughtUp, timeout);
  }

  /** The state: unmodifiable, live, weakly consistent, no copy. */
  public Map<String, T> values() {
    return view;
  }

  /** A key's value. */
  public Optional<T> get(String key) {
    return Optional.ofNullable(state.get(key));
  }

  /** The offset of the last record applied; -1 while there is none. */
  public long appliedOffset() {
    return applied;
  }

  /**
   * The offset up to which everything was applied, exclusive. Unlike {@link #appliedOffset} it
   * counts what no record stands for any more: markers, aborted transactions and records that
   * compaction took away, as far as they were there when the view was opened. So in one store it
   * never falls below one more than an offset that was ever applied, once the view is ready.
   */
  public long position() {
    // Ready is asked for first: the end is not changed any more after that.
    return ready() ? Math.max(replayEnd, applied + 1) : applied + 1;
  }

  /** The broker's id of the topic; null until the broker was first reached. */
  public String topicId() {
    return identity.known();
  }

  /** Whether the broker answers: asked every 2 s, so that it is late by up to some seconds. */
  public boolean connected() {
    return identity.reachable() && !failing;
  }

  /**
   * How long ago the broker was asked last and then answered: at least until then it was there.
   * Null while it is not {@link #connected}.
   */
  public Duration sinceAnswer() {
    return connected() ? identity.sinceAnswer() : null;
  }

  /** Ends it; when it returns, {@code onChange} is not called any more. Blocks briefly. */
  @Override
  public void close() {
    closing.countDown();
    caughtUp.completeExceptionally(new IllegalStateException("closed"));
    identity.close();
    PartitionReader open = source;
    if (open != null) {
      open.wakeUp();
    }
    if (Thread.currentThread() != loop && !Waits.ended(loop, CLOSE_LIMIT)) {
      log.atWarn().addKeyValue("topic", topic.name()).log("View did not end in time");
    }
    deadLetters.close();
    meters.close();
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private void run() {
    Duration retry = FIRST_RETRY;
    while (!closed()) {
      try (PartitionReader open = attach()) {
        while (!closed()) {
          apply(open.poll(ready() ? TAIL_POLL : REPLAY_POLL));
          meters.lag(open.lag());
          checkReady(open);
          failing = false;
          retry = FIRST_RETRY;
        }
      } catch (StoreChangedException e) {
        platform.fatal().accept(e);
        return;
      } catch (RuntimeException e) {
        if (closed() || identity.changed()) {
          return;
        }
        failing = true;
        if (Refusals.ofTrust(e)) {
          retry = REFUSED_RETRY;
        }
        if (!Refusals.say(platform.kafka(), e)) {
          log.atWarn()
              .setCause(e)
              .addKeyValue("topic", topic.name())
              .addKeyValue("reader", reader)
              .addKeyValue("retryMillis", retry.toMillis())
              .log("Topic cannot be read for now; the last state stays");
        }
        if (Waits.passed(closing, retry)) {
          return;
        }
        retry = Waits.shorter(retry.multipliedBy(2), LAST_RETRY);
      } catch (Error e) {
        platform.fatal().accept(e);
        throw e;
      } finally {
        source = null;
      }
    }
  }

  /** Opens a consumer at the place that was reached, and checks that this place still exists. */
  private PartitionReader attach() {
    identity.await();
    PartitionReader open = PartitionReader.open(platform, reader, topic.name());
    source = open;
    try {
      if (closed()) {
        throw new IllegalStateException("closed");
      }
      long begin = open.beginning();
      long end = open.end();
      if (next > end) {
        throw new StoreChangedException(
            "topic %s ends at %d, but was read up to %d: it has lost records"
                .formatted(topic.name(), end, next));
      }
      next = Math.max(next, begin);
      if (replayEnd < 0) {
        replayEnd = end;
        next = fromEnd ? end : next;
      }
      open.seek(next);
      return open;
    } catch (RuntimeException e) {
      open.close();
      throw e;
    }
  }

  private void checkReady(PartitionReader open) {
    if (ready()) {
      return;
    }
    long position = open.position();
    if (position >= replayEnd && caughtUp.complete(null)) {
      log.atDebug()
          .addKeyValue("topic", topic.name())
          .addKeyValue("reader", reader)
          .addKeyValue("keys", state.size())
          .log("View is ready");
    }
  }

  private void apply(KafkaConsumerRecords<byte[], byte[]> records) {
    for (ConsumerRecord<byte[], byte[]> record : records.records()) {
      if (closed() || identity.changed()) {
        return;
      }
      apply(record);
      next = record.offset() + 1;
    }
  }

  private void apply(ConsumerRecord<byte[], byte[]> record) {
    String key = Events.key(record);
    if (key == null) {
      deadLetters.refuse(identity.known(), record.offset(), null, "the record has no key");
      applied = record.offset();
      return;
    }
    Events.Decoded<T> event;
    try {
      event = Events.decode(record, codec);
    } catch (UnreadableEventException e) {
      deadLetters.refuse(identity.known(), record.offset(), key, e.getMessage());
      applied = record.offset();
      return;
    }
    T after = event.value();
    T before = after == null ? state.remove(key) : state.put(key, after);
    applied = record.offset();
    boolean replay = record.offset() < replayEnd;
    if (!replay && event.meta() != null) {
      meters.applied(event.meta().time(), platform.clock().instant());
    }
    try {
      onChange.accept(new Change<>(key, before, after, record.offset(), event.meta(), replay));
    } catch (RuntimeException e) {
      meters.handlerFailed();
      log.atError()
          .setCause(e)
          .addKeyValue("topic", topic.name())
          .addKeyValue("offset", record.offset())
          .addKeyValue("key", key)
          .addKeyValue("reader", reader)
          .log("Change handler failed; its resync must heal it");
    }
  }
}
