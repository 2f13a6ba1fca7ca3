package dev.skep.edge.agent;

import dev.skep.model.Codecs;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.StorePosition;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.CommandLoop;
import dev.skep.runtime.kafka.FencedException;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the newest status, when it has changed, and folds the commands for edges. On a thread
 * of its own: an edge serves on while the broker is away.
 */
final class StatusPublisher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusPublisher.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration SAY_AGAIN = Duration.ofSeconds(5);

  /** What a command takes at most after its time was looked at: a transaction's limit, and more. */
  private static final Duration LONGEST_FOLD = Duration.ofSeconds(15);

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Platform platform;
  private final String edge;
  private final CommandLoop.Folder folder;
  private final AtomicReference<EdgeStatus> newest = new AtomicReference<>();
  private final Semaphore wake = new Semaphore(0);
  private final Thread loop;
  private volatile boolean closed;
  private volatile EdgeStatus published;

  /**
   * A publisher, not yet running.
   *
   * @param found how far the store that is found was read
   * @param adopt told that this store is to be taken
   */
  StatusPublisher(
      Platform platform,
      String edge,
      Supplier<StorePosition> found,
      Consumer<StorePosition> adopt) {
    this.platform = platform;
    this.edge = edge;
    this.folder = new EdgeCommands(edge, found, adopt, this::sayAgain);
    this.loop = Thread.ofVirtual().name("edge-status-" + edge).unstarted(this::run);
  }

  void start() {
    loop.start();
  }

  void submit(EdgeStatus status) {
    newest.set(status);
    wake.release();
  }

  /**
   * Other edges delete what this one has said, now or as long as they may: it is said again soon,
   * and once more when none can any more.
   */
  private void sayAgain(Instant until) {
    Duration rest = Duration.between(platform.clock().instant(), until).plus(LONGEST_FOLD);
    Thread.ofVirtual()
        .name("edge-status-again-" + edge)
        .start(
            () -> {
              try {
                Thread.sleep(SAY_AGAIN);
                say();
                Thread.sleep(rest);
                say();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void say() {
    published = null;
    wake.release();
  }

  private void run() {
    try (Writer writer = open()) {
      if (writer == null) {
        return;
      }
      CommandLoop commands = CommandLoop.open(platform, writer, "edge", folder);
      try {
        while (!closed) {
          wake.acquire();
          wake.drainPermits();
          publish(writer);
        }
      } finally {
        commands.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // Only what cannot be healed comes here. Ended in silence, the edge's last word would stand.
      log.atError().setCause(e).log("Status is not published any more");
      platform.fatal().accept(e);
    }
  }

  private Writer open() throws InterruptedException {
    while (!closed) {
      try {
        return Writer.open(platform, "edge-agent-" + edge);
      } catch (PublishException e) {
        log.atWarn().addKeyValue("reason", e.getMessage()).log("Status cannot be published yet");
        Thread.sleep(RETRY);
      }
    }
    return null;
  }

  private void publish(Writer writer) throws InterruptedException {
    EdgeStatus status = newest.get();
    if (status == null || same(status, published)) {
      return;
    }
    while (!closed) {
      try {
        writer.publish(
            List.of(
                Write.put(Topics.EDGE_STATUS, Codecs.EDGE_STATUS, edge, status, "updated", null)));
        published = status;
        return;
      } catch (FencedException e) {
        throw e;
      } catch (PublishException e) {
        log.atWarn().addKeyValue("reason", e.getMessage()).log("Status not published, retrying");
        Thread.sleep(RETRY);
        status = newest.get();
      }
    }
  }

  private static boolean same(EdgeStatus a, EdgeStatus b) {
    return b != null
        && new EdgeStatus(
                a.edge(),
                a.proxy(),
                a.applied(),
                a.routes(),
                a.servers(),
                a.reloads(),
                a.certificates(),
                a.refused(),
                a.conditions(),
                b.since())
            .equals(b);
  }

  @Override
  public void close() {
    closed = true;
    wake.release();
    try {
      if (!loop.join(LIMIT)) {
        loop.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
