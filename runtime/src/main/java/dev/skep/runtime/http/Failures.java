package dev.skep.runtime.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every failed request with a problem; tells callers of our own errors only that. */
final class Failures implements Handler<RoutingContext> {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  @Override
  public void handle(RoutingContext ctx) {
    Problem problem = problem(ctx);
    if (problem.status() >= 500 && !(ctx.failure() instanceof ProblemException)) {
      log.atError()
          .setCause(ctx.failure())
          .addKeyValue("method", ctx.request().method())
          .addKeyValue("path", ctx.normalizedPath())
          .log("Request failed");
    }
    if (ctx.response().headWritten()) {
      // Too late to say anything: an answer cut off is the only sign left.
      ctx.response().reset();
    } else {
      Handlers.problem(ctx, problem);
    }
  }

  private static Problem problem(RoutingContext ctx) {
    Throwable failure = ctx.failure();
    if (failure instanceof ProblemException e) {
      return e.problem();
    }
    int status = failure instanceof HttpException e ? e.getStatusCode() : ctx.statusCode();
    return switch (status) {
      case 400 -> new Problem(400, "Bad request", "the request cannot be read");
      case 401 ->
          new Problem(401, "Unauthorized", "show the access token: Authorization: Bearer TOKEN");
      case 404 -> new Problem(404, "Not found", "there is nothing at " + ctx.normalizedPath());
      case 405 ->
          new Problem(
              405, "Method not allowed", ctx.request().method() + " is not meant for this path");
      case 413 -> new Problem(413, "Too large", "a request's body may have 8 MiB");
      case 415 -> new Problem(415, "Unsupported media type", "send application/json");
      default ->
          status >= 400 && status < 500
              ? new Problem(status, "Request refused", null)
              : new Problem(500, "Internal error", "it is in this service's log");
    };
  }
}
