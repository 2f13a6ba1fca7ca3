package dev.skep.runtime.kafka;

import dev.skep.model.Codecs;
import dev.skep.model.command.Command;
import dev.skep.model.event.UnreadableEventException;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds commands into desired state, each once and none after its time.
 *
 * <ol>
 *   <li>Settle what the writer left in doubt, then read the committed place.
 *   <li>Read back what lies before it, for the ids seen.
 *   <li>From there on, fold command by command; what the folder returns is written in the
 *       transaction that also commits the place after the command.
 *   <li>If a transaction fails, begin again at 1: only the broker knows which one counts.
 * </ol>
 */
public final class CommandLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CommandLoop.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration READ_BACK_POLL = Duration.ofMillis(20);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  /** The broker forgets a place, and a writer, that was not heard of for 7 days. */
  private static final Duration RENEW_PLACE = Duration.ofDays(1);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  /** Turns a command into writes. */
  @FunctionalInterface
  public interface Folder {
    /**
     * What the command changes in desired state. May be called again with the same command if the
     * transaction failed: it must have no other effect. Runs on the loop's own thread; may block.
     *
     * @throws CommandRejectedException if it cannot be done; it is then counted and becomes a dead
     *     letter with this reason. Any other exception is treated in the same way, so that one bad
     *     command never blocks those behind it
     */
    List<Write<?>> fold(Command command) throws CommandRejectedException;

    /**
     * Told after a command was put aside for good: rejected, or past its time. Not told of those
     * that an earlier process put aside.
     *
     * @param reason why, for who asked
     */
    default void rejected(Command command, String reason) {}
  }

  private final Platform platform;
  private final Writer writer;
  private final String target;
  private final Folder folder;
  private final String reader;
  private final TopicPartition partition = new TopicPartition(Topics.COMMANDS.name(), 0);
  private final Counter refused;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread loop;
  private final SeenIds seen;
  private volatile boolean ready;

  /** Made by the loop, which tries again if it cannot be made; null before. */
  private volatile Consumer<byte[], byte[]> consumer;

  private KafkaClientMetrics meters;

  /** Of the loop alone: when the place was last committed. */
  private Instant committedAt;

  private CommandLoop(Platform platform, Writer writer, String target, Folder folder) {
    this.platform = platform;
    this.writer = writer;
    this.target = target;
    this.folder = folder;
    this.reader = writer.principal();
    this.refused = DeadLetters.counter(platform, partition.topic(), reader);
    this.seen = new SeenIds(platform.clock(), Topics.COMMANDS);
    // Kafka's own client waits in a selector, which would hold a virtual thread's carrier.
    this.loop =
        Thread.ofPlatform().daemon().name("commands-" + reader + "-" + target).unstarted(this::run);
  }

  /**
   * Starts the loop on a thread of its own and returns at once. Its place in the topic is kept per
   * principal and target, so that every edge's agent sees every command for edges.
   *
   * @param writer whose transactions are used; not closed with the loop
   * @param target which commands: {@code deployer}, {@code edge}
   */
  public static CommandLoop open(Platform platform, Writer writer, String target, Folder folder) {
    CommandLoop opened = new CommandLoop(platform, writer, target, folder);
    opened.loop.start();
    return opened;
  }

  /** Whether the ids seen before have been read back, so that commands are being folded. */
  public boolean ready() {
    return ready;
  }

  /** Ends it after the command under way. */
  @Override
  public void close() {
    closing.countDown();
    Consumer<byte[], byte[]> made = consumer;
    if (made != null) {
      made.wakeup();
    }
    if (Thread.currentThread() != loop && !Waits.ended(loop, CLOSE_LIMIT)) {
      log.atWarn().addKeyValue("target", target).log("Command loop did not end in time");
    }
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private void run() {
    Duration retry = FIRST_RETRY;
    try {
      while (!closed()) {
        try {
          connect();
          recover();
          ready = true;
          retry = FIRST_RETRY;
          fold();
        } catch (FencedException e) {
          ready = false;
          return;
        } catch (WakeupException e) {
          log.atTrace().log("Woken up to close");
        } catch (RuntimeException e) {
          ready = false;
          if (!Refusals.say(platform.kafka(), e)) {
            log.atWarn()
                .setCause(e)
                .addKeyValue("target", target)
                .addKeyValue("retryMillis", retry.toMillis())
                .log("Commands cannot be folded for now");
          }
          if (Waits.passed(closing, retry)) {
            return;
          }
          retry = Waits.shorter(retry.multipliedBy(2), LAST_RETRY);
        }
      }
    } catch (Error e) {
      platform.fatal().accept(e);
      throw e;
    } finally {
      ready = false;
      if (meters != null) {
        meters.close();
      }
      if (consumer != null) {
        consumer.close();
      }
    }
  }

  /** Kafka refuses to make a client while the broker's name has no address. */
  private void connect() {
    if (consumer == null) {
      Consumer<byte[], byte[]> made =
          Clients.consumer(platform, reader + "-commands", "skep." + reader + "." + target);
      consumer = made;
      if (closed()) {
        // It may have been closed before there was anyone to wake up.
        made.wakeup();
      }
    }
    if (meters == null) {
      meters = Clients.bind(platform, consumer);
    }
  }

  /** Goes to the committed place and learns the ids of all commands before it. */
  private void recover() {
    writer.settle();
    consumer.assign(Set.of(partition));
    OffsetAndMetadata committed = consumer.committed(Set.of(partition)).get(partition);
    long begin = consumer.beginningOffsets(Set.of(partition)).get(partition);
    long end = consumer.endOffsets(Set.of(partition)).get(partition);
    long known = Math.max(begin, committed == null ? begin : committed.offset());
    if (known > end) {
      log.atWarn()
          .addKeyValue("target", target)
          .addKeyValue("place", known)
          .addKeyValue("end", end)
          .log("The broker has lost commands, as in a power cut; going on from its end");
    }
    long place = Math.min(known, end);
    seen.clear();
    consumer.seek(partition, begin);
    while (!closed() && consumer.position(partition) < place) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(READ_BACK_POLL)) {
        if (record.offset() < place && mine(record)) {
          Command command = readQuietly(record);
          if (command != null) {
            seen.add(command);
          }
        }
      }
    }
    consumer.seek(partition, place);
    commit(place, List.of());
  }

  private void fold() {
    while (!closed()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (closed()) {
          return;
        }
        if (mine(record)) {
          fold(record);
        }
      }
      seen.forgetOld();
      if (committedAt.plus(RENEW_PLACE).isBefore(platform.clock().instant())) {
        commit(consumer.position(partition), List.of());
      }
    }
  }

  private void fold(ConsumerRecord<byte[], byte[]> record) {
    Command command;
    try {
      command = Events.decode(record, Codecs.COMMANDS).value();
    } catch (UnreadableEventException e) {
      refuse(record, e.getMessage());
      return;
    }
    if (command == null || !command.target().equals(target)) {
      refuse(record, "the record's key and the command's target differ");
    } else if (seen.contains(command.id())) {
      log.atInfo()
          .addKeyValue("command", command.id())
          .addKeyValue("target", target)
          .log("Command was folded before; the repetition is ignored");
      commit(record, List.of());
    } else if (command.notAfter().isBefore(platform.clock().instant())) {
      reject(record, command, "it came after its time, " + command.notAfter());
    } else {
      foldFresh(record, command);
    }
  }

  private void foldFresh(ConsumerRecord<byte[], byte[]> record, Command command) {
    List<Write<?>> writes;
    try {
      writes = folder.fold(command);
    } catch (CommandRejectedException e) {
      reject(record, command, e.getMessage());
      return;
    } catch (RuntimeException e) {
      log.atError().setCause(e).addKeyValue("command", command.id()).log("Folding failed");
      reject(record, command, "an error of ours: " + e.getClass().getSimpleName());
      return;
    }
    commit(record, writes);
    seen.add(command);
    log.atInfo()
        .addKeyValue("command", command.id())
        .addKeyValue("kind", command.kind())
        .addKeyValue("target", target)
        .log("Command folded");
  }

  private void reject(ConsumerRecord<byte[], byte[]> record, Command command, String reason) {
    refuse(record, "command " + command.id() + " (" + command.kind() + "): " + reason);
    seen.add(command);
    folder.rejected(command, reason);
  }

  private void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
    log.atWarn()
        .addKeyValue("target", target)
        .addKeyValue("offset", record.offset())
        .addKeyValue("reason", reason)
        .log("Command refused");
    commit(
        record,
        List.of(
            DeadLetters.letter(
                platform, partition.topic(), record.offset(), Events.key(record), reader, reason)));
    refused.increment();
  }

  private void commit(ConsumerRecord<byte[], byte[]> record, List<Write<?>> writes) {
    commit(record.offset() + 1, writes);
  }

  private void commit(long place, List<Write<?>> writes) {
    writer.transact(
        writes, Map.of(partition, new OffsetAndMetadata(place)), consumer.groupMetadata());
    committedAt = platform.clock().instant();
  }

  private boolean mine(ConsumerRecord<byte[], byte[]> record) {
    return target.equals(Events.key(record));
  }

  /** A command that was dealt with before; null if it could not be read, then or now. */
  private static Command readQuietly(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Events.decode(record, Codecs.COMMANDS).value();
    } catch (UnreadableEventException e) {
      return null;
    }
  }
}
