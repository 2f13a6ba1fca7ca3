package dev.skep.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.EventListener;
import dev.skep.engine.EventStream;
import dev.skep.engine.Filters;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** When containers of the benchmark's service started, as events arrive. */
final class StartTimes implements AutoCloseable {
  private final LinkedBlockingQueue<Long> times = new LinkedBlockingQueue<>();
  private final EventStream events;

  StartTimes(EngineClient engine) {
    events =
        engine.events(
            null,
            Filters.of("type", "container").and("event", "start"),
            new EventListener() {
              @Override
              public void onEvent(JsonNode event) {
                times.add(System.nanoTime());
              }

              @Override
              public void onEnd(EngineException cause) {
                // A round that misses its start event fails by itself, with this behind it.
                System.err.println("the event stream ended: " + cause.getMessage());
              }
            });
  }

  void clear() {
    times.clear();
  }

  /** The first start since {@link #clear}, in nanoTime. */
  long first() throws InterruptedException {
    Long time = times.poll(5, TimeUnit.SECONDS);
    if (time == null) {
      throw new IllegalStateException("no container start was seen");
    }
    return time;
  }

  @Override
  public void close() {
    events.close();
  }
}
