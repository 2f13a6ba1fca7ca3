package dev.skep.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.skep.engine.Transport.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The log of one service or task, read once. A log that is followed may rightly be quiet; so while
 * it is read a watcher asks the Engine from time to time whether it answers at all, and gives the
 * log up if not.
 */
public final class LogStream implements AutoCloseable {
  private static final Duration WATCH_EVERY = Duration.ofSeconds(EventStream.WATCH_SECONDS);

  private final EngineClient client;
  private final String path;
  private final boolean tty;
  private final LogOptions options;
  private final Duration watchEvery;
  private final DockerHttpClient http;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean closed;
  private volatile EngineException stalled;

  LogStream(EngineClient client, String path, boolean tty, LogOptions options) {
    this(client, path, tty, options, WATCH_EVERY);
  }

  LogStream(
      EngineClient client, String path, boolean tty, LogOptions options, Duration watchEvery) {
    this.client = client;
    this.path = path;
    this.tty = tty;
    this.options = options;
    this.watchEvery = watchEvery;
    this.http = client.transport().lease();
  }

  /**
   * Reads to the end, which a log that is followed has only when its service is removed or this is
   * closed. Call it once, on a virtual thread.
   *
   * @param each called by this thread, line by line; what it throws ends the reading
   * @throws EngineException if the Engine refuses, or the log breaks off; not once it is closed
   */
  public void forEach(Consumer<LogLine> each) {
    if (begun.getAndSet(true)) {
      throw new IllegalStateException("a log is read once");
    }
    Thread.ofVirtual().name("engine log watch").start(this::watch);
    try {
      read(each);
    } catch (EngineException e) {
      if (closed) {
        return;
      }
      EngineException cause = stalled == null ? e : stalled;
      client.learn(cause);
      throw cause;
    } catch (RuntimeException e) {
      // What is read from a connection that was closed meanwhile may fail in other ways, too.
      if (closed) {
        return;
      }
      throw stalled == null ? e : stalled;
    } finally {
      done.countDown();
      client.transport().discard(http);
    }
  }

  private void read(Consumer<LogLine> each) {
    Call call = client.versioned(path, options.query());
    try (Response response = client.transport().open(http, call)) {
      LogReader.read(Transport.body(response), tty, options.timestamps(), each);
    } catch (IOException e) {
      throw new EngineException(0, call.asked(), "the log broke off: " + e.getMessage(), e);
    }
  }

  private void watch() {
    try {
      while (!done.await(watchEvery.toMillis(), TimeUnit.MILLISECONDS)) {
        client.ping();
      }
    } catch (EngineException e) {
      stalled = new EngineException(0, "GET " + path, "the log stalled: " + e.reason(), e);
      client.transport().discard(http);
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if it happens the log must not go on unwatched.
      stalled = new EngineException(0, "GET " + path, "interrupted", e);
      Thread.currentThread().interrupt();
      client.transport().discard(http);
    }
  }

  /** Ends the reading from another thread; one last line may be under way. Idempotent. */
  @Override
  public void close() {
    closed = true;
    done.countDown();
    client.transport().discard(http);
  }
}
