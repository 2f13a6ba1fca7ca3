package dev.skep.monitor.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * {@code GET /api/events}: server-sent events that say that something changed, not what. Changes
 * are gathered for half a second: one event stands for all of them, and a reader that missed some
 * has missed nothing.
 */
public final class LiveEvents implements AutoCloseable {
  private static final long TICK_MS = 500;

  /** Well below the idle time after which proxies cut a connection (HAProxy's is often 50 s). */
  private static final long KEEPALIVE_TICKS = 15_000 / TICK_MS;

  private final Vertx vertx;
  private final LongSupplier revision;
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
  private final long timer;
  private long ticks;

  /** One browser; all fields but the first two change on the timer's event loop only. */
  private static final class Follower {
    final HttpServerResponse response;
    final BooleanSupplier allowed;
    volatile long sent;

    Follower(HttpServerResponse response, BooleanSupplier allowed, long sent) {
      this.response = response;
      this.allowed = allowed;
      this.sent = sent;
    }
  }

  /** Follows {@code revision}, which grows with each change. */
  public LiveEvents(Vertx vertx, LongSupplier revision) {
    this.vertx = vertx;
    this.revision = revision;
    this.timer = vertx.setPeriodic(TICK_MS, id -> tick());
  }

  /**
   * Adds the endpoint.
   *
   * @param console knows whether the session that opened the stream still is one
   */
  public void mount(Router router, Console console) {
    router.get("/api/events").handler(ctx -> follow(ctx, console));
  }

  private void follow(RoutingContext ctx, Console console) {
    HttpServerResponse response =
        ctx.response()
            .setChunked(true)
            .putHeader("Content-Type", "text/event-stream")
            .putHeader("Cache-Control", "no-store")
            .putHeader("X-Accel-Buffering", "no")
            // Compressed, an event might wait for others to fill a block.
            .putHeader("Content-Encoding", "identity");
    // A stream outlives the check at its beginning: when the session ends, so does the stream.
    String session = Console.session(ctx.request());
    boolean bySession = console.open(session);
    Follower follower =
        new Follower(response, () -> !bySession || console.open(session), revision.getAsLong());
    response.closeHandler(v -> followers.remove(follower));
    response.exceptionHandler(e -> followers.remove(follower));
    // Without this, a server that shuts down gracefully would wait for a stream that never ends.
    ctx.request().connection().shutdownHandler(v -> end(follower));
    response.write("retry: 2000\n\n" + event(follower.sent));
    followers.add(follower);
  }

  private void end(Follower follower) {
    if (followers.remove(follower)) {
      follower.response.end();
    }
  }

  private void tick() {
    ticks++;
    long now = revision.getAsLong();
    for (Follower follower : followers) {
      tell(follower, now);
    }
  }

  private void tell(Follower follower, long now) {
    if (!follower.allowed.getAsBoolean()) {
      end(follower);
    } else if (follower.response.writeQueueFull()) {
      // A slow reader gets the next one: what it misses now is in there too.
      return;
    } else if (follower.sent != now) {
      follower.sent = now;
      follower.response.write(event(now));
    } else if (ticks % KEEPALIVE_TICKS == 0) {
      follower.response.write(": keepalive\n\n");
    }
  }

  private static String event(long revision) {
    return "id: " + revision + "\nevent: change\ndata: {\"revision\":" + revision + "}\n\n";
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    followers.forEach(this::end);
  }
}
