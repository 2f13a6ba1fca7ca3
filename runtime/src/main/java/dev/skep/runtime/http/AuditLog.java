package dev.skep.runtime.http;

import dev.skep.model.access.Role;
import dev.skep.runtime.access.Caller;
import dev.skep.runtime.access.TokenText;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes down who changed what: one line, by the logger {@code audit}, for each request that
 * changes something and for each that was refused. Never a token, a body or a query.
 */
final class AuditLog implements Handler<RoutingContext> {
  /** The logger's name; its lines are written at every log level. */
  static final String NAME = "audit";

  private static final Logger log = LoggerFactory.getLogger(NAME);
  private static final int LONGEST = 200;

  /** As some web servers write it: the client was gone before it could be answered. */
  private static final int GONE = 499;

  private final Clock clock;
  private final AuditLimit limit = new AuditLimit();

  AuditLog(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void handle(RoutingContext ctx) {
    ctx.addEndHandler(done -> ended(ctx, done.succeeded()));
    ctx.next();
  }

  private void ended(RoutingContext ctx, boolean answered) {
    int status = answered ? ctx.response().getStatusCode() : GONE;
    boolean refused = status == 401 || status == 403;
    if (!refused && Roles.reads(ctx.request().method())) {
      return;
    }
    Optional<Caller> caller = Callers.known(ctx);
    if (admitted(status, caller.map(Caller::name).orElseGet(() -> address(ctx)))) {
      write(ctx, status, refused, caller);
    }
  }

  /** Floods are of failures: what is done takes longer than writing it down. */
  private synchronized boolean admitted(int status, String who) {
    Instant now = clock.instant();
    long leftOut = limit.takeLeftOut(now);
    if (leftOut > 0) {
      log.atWarn().addKeyValue("count", leftOut).log("More requests failed");
    }
    return status < 400 || limit.admits(who, now);
  }

  private static void write(
      RoutingContext ctx, int status, boolean refused, Optional<Caller> caller) {
    LoggingEventBuilder line = log.atLevel(status < 400 ? Level.INFO : Level.WARN);
    line = add(line, "name", caller.map(Caller::name).orElse(null));
    line = add(line, "role", caller.map(Caller::role).map(Role::id).orElse(null));
    line = add(line, "person", caller.map(Caller::person).orElse(null));
    line = add(line, "address", address(ctx));
    line = add(line, "forwardedFor", forwardedFor(ctx));
    line = add(line, "method", ctx.request().method().name());
    line = add(line, "path", ctx.normalizedPath());
    line = line.addKeyValue("status", status);
    line = add(line, "command", CommandIds.of(ctx));
    line = add(line, "key", ctx.request().getHeader("Idempotency-Key"));
    line.log(status < 400 ? "Request done" : refused ? "Request refused" : "Request failed");
  }

  private static LoggingEventBuilder add(LoggingEventBuilder line, String key, String value) {
    if (value == null || value.isEmpty()) {
      return line;
    }
    String text = TokenText.masked(value);
    return line.addKeyValue(
        key, text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...");
  }

  private static String address(RoutingContext ctx) {
    return ctx.request().remoteAddress() == null ? "" : ctx.request().remoteAddress().hostAddress();
  }

  /** Behind an edge: the address that the edge heard from. Before it, anybody may have written. */
  private static String forwardedFor(RoutingContext ctx) {
    String header = ctx.request().getHeader("X-Forwarded-For");
    return header == null ? null : header.substring(header.lastIndexOf(',') + 1).strip();
  }
}
