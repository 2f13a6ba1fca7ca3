package dev.skep.runtime.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.skep.model.Json;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
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
    return ctx -> {
      Context loop = Vertx.currentContext();
      Thread.ofVirtual()
          .name("http-", 0)
          .start(
              () -> {
                try {
                  handler.handle(ctx);
                } catch (Exception | AssertionError | StackOverflowError e) {
                  loop.runOnContext(v -> ctx.fail(e));
                }
              });
    };
  }

  /**
   * Answers with JSON.
   *
   * @param value anything that {@link dev.skep.model.Json} can write
   */
  public static void json(RoutingContext ctx, int status, Object value) {
    body(ctx, status, "application/json", value);
  }

  static void problem(RoutingContext ctx, Problem problem) {
    body(ctx, problem.status(), "application/problem+json", problem);
  }

  private static void body(RoutingContext ctx, int status, String contentType, Object value) {
    byte[] bytes;
    try {
      bytes = Json.mapper().writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer cannot be written as JSON", e);
    }
    // A client that is gone is not our failure: the answer's future is left alone.
    var _ =
        ctx.response()
            .setStatusCode(status)
            .putHeader("Content-Type", contentType)
            .putHeader("Cache-Control", "no-store")
            .end(Buffer.buffer(bytes));
  }
}
