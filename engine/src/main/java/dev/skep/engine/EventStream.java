package dev.skep.engine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.skep.engine.Transport.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A running stream of events.
 *
 * <ol>
 *   <li>The reader opens the stream, says so, and passes on each event.
 *   <li>The watcher asks the Engine every {@value #WATCH_SECONDS} s whether it answers. A stream
 *       may rightly be quiet, so that silence proves nothing; an Engine that does not answer within
 *       the client's timeout has stalled, and its stream is given up.
 *   <li>Whichever ends first closes the other, and the listener is told once.
 * </ol>
 *
 * <p>A proxy that loses the stream's connection but serves others cannot be told from quiet: who
 * cannot bear that reads the whole state from time to time.
 */
public final class EventStream implements AutoCloseable {
  static final int WATCH_SECONDS = 5;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final EngineClient client;
  private final Query query;
  private final EventListener listener;
  private final Duration watchEvery;
  private final CountDownLatch done = new CountDownLatch(1);
  private final AtomicReference<EngineException> stalled = new AtomicReference<>();
  private final DockerHttpClient http;
  private volatile boolean closed;

  private EventStream(
      EngineClient client, Query query, EventListener listener, Duration watchEvery) {
    this.client = client;
    this.http = client.transport().lease();
    this.query = query;
    this.listener = listener;
    this.watchEvery = watchEvery;
  }

  static EventStream start(EngineClient client, Query query, EventListener listener) {
    return start(client, query, listener, Duration.ofSeconds(WATCH_SECONDS));
  }

  static EventStream start(
      EngineClient client, Query query, EventListener listener, Duration watchEvery) {
    EventStream stream = new EventStream(client, query, listener, watchEvery);
    Thread.ofVirtual().name("engine events").start(stream::run);
    Thread.ofVirtual().name("engine events watch").start(stream::watch);
    return stream;
  }

  /**
   * Ends the stream; the listener is not told. Returns at once; one last event may be under way.
   */
  @Override
  public void close() {
    closed = true;
    abort();
  }

  /** Whether the reader is done: nothing is reported any more. */
  boolean ended() {
    return done.getCount() == 0;
  }

  private void run() {
    EngineException end = read();
    abort();
    done.countDown();
    if (closed) {
      return;
    }
    // The abort's own error says less than what led to it.
    EngineException cause = stalled.get() == null ? end : stalled.get();
    client.learn(cause);
    listener.onEnd(cause);
  }

  private EngineException read() {
    String asked = "GET /events";
    try {
      Call call = client.versioned("/events", query);
      asked = call.asked();
      try (Response response = client.transport().open(http, call)) {
        listener.onOpen();
        // Reads exactly one value at a time, whatever separates them: newlines or nothing.
        JsonParser parser = MAPPER.createParser(Transport.body(response));
        try (MappingIterator<JsonNode> events = MAPPER.readValues(parser, JsonNode.class)) {
          while (!closed && stalled.get() == null && events.hasNextValue()) {
            listener.onEvent(events.nextValue());
          }
        }
      }
      return new EngineException(0, asked, "the Engine ended the stream of events", null);
    } catch (EngineException e) {
      return e;
    } catch (IOException e) {
      return new EngineException(0, asked, "the stream of events broke: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      return new EngineException(0, asked, "the stream of events failed: " + e, e);
    }
  }

  private void watch() {
    try {
      while (!done.await(watchEvery.toMillis(), TimeUnit.MILLISECONDS)) {
        client.ping();
      }
    } catch (EngineException e) {
      stalled.set(
          new EngineException(0, "GET /events", "the stream of events stalled: " + e.reason(), e));
      abort();
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if it happens the stream must not go on unwatched.
      stalled.set(new EngineException(0, "GET /events", "interrupted", e));
      Thread.currentThread().interrupt();
      abort();
    }
  }

  private void abort() {
    client.transport().discard(http);
  }
}
