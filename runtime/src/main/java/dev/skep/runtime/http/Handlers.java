package dev.skep.runtime.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Pieces of HTTP endpoints. */
public final class Handlers {
  private Handlers() {}

  /**
   * Runs {@code handler} on a virtual thread, one per request, so that it may block. What it throws
   * becomes a problem: {@link ProblemException} as it says, anything else 500. The request's body
   * must have been read before (the front door does so, up to 8 MiB).
   */
  public static Handler<RoutingContext> blocking(Handler<RoutingContext> handler) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Answers with JSON.
   *
   * @param value anything that {@link dev.skep.model.Json} can write
   */
  public static void json(RoutingContext ctx, int status, Object value) {
    throw new UnsupportedOperationException("not yet");
  }
}
