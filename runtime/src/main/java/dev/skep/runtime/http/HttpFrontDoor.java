package dev.skep.runtime.http;

import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process's one HTTP server: {@code /health/live}, {@code /health/ready} and {@code /metrics} for
 * everyone on its network, and the services' own endpoints for those who show the token, wherever
 * they come from. Every error is a {@link Problem} as {@code application/problem+json}.
 */
public final class HttpFrontDoor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpFrontDoor.class);
  private static final long BODY_LIMIT = 8L * 1024 * 1024;
  private static final Duration START_LIMIT = Duration.ofSeconds(10);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final HttpServer server;

  private HttpFrontDoor(HttpServer server) {
    this.server = server;
  }

  /**
   * Opens it; blocks until it listens.
   *
   * @throws java.io.UncheckedIOException if it cannot listen, with one line that says why and what
   *     to do
   */
  public static HttpFrontDoor open(
      Platform platform, HttpConfig config, List<? extends SkepService> services) {
    HttpServer server =
        platform
            .vertx()
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(config.host())
                    .setPort(config.port())
                    .setIdleTimeout(120)
                    .setCompressionSupported(true))
            .requestHandler(router(platform, config, services));
    String address = config.host() + ":" + config.port();
    try {
      server
          .listen()
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      throw new UncheckedIOException(
          "cannot listen on %s (%s): stop what uses that port, or set another by SKEP_HTTP_PORT"
              .formatted(address, cause.getMessage()),
          new IOException(cause));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted before listening", e));
    }
    log.atInfo()
        .addKeyValue("host", config.host())
        .addKeyValue("port", server.actualPort())
        .log("Front door open");
    return new HttpFrontDoor(server);
  }

  private static Router router(
      Platform platform, HttpConfig config, List<? extends SkepService> services) {
    Router router = Router.router(platform.vertx());
    Failures failures = new Failures();
    router.route().failureHandler(failures);
    HealthHandlers health = new HealthHandlers(services);
    router.get("/health/live").handler(HttpFrontDoor::fromHere).handler(health::live);
    router.get("/health/ready").handler(HttpFrontDoor::fromHere).handler(health::ready);
    router
        .get("/metrics")
        .handler(HttpFrontDoor::fromHere)
        .handler(Handlers.blocking(ctx -> metrics(platform, ctx)));
    router.route().handler(new TokenCheck(config.token(), services));
    router.route().handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT));
    services.forEach(s -> s.mount(router));
    // What no route takes would be answered by Vert.x itself, in HTML.
    for (int status : new int[] {400, 404, 405, 406, 413, 415, 500}) {
      router.errorHandler(status, failures);
    }
    return router;
  }

  /** What an edge or another proxy passes on comes from outside, and is not told of these. */
  private static void fromHere(RoutingContext ctx) {
    boolean forwarded =
        ctx.request().headers().names().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .anyMatch(name -> name.equals("forwarded") || name.startsWith("x-forwarded-"));
    if (forwarded) {
      ctx.fail(404);
    } else {
      ctx.next();
    }
  }

  private static void metrics(Platform platform, RoutingContext ctx) {
    String accept = ctx.request().getHeader("Accept");
    String text = Metrics.scrape(platform.metrics(), accept);
    var _ = ctx.response().putHeader("Content-Type", Metrics.contentType(accept)).end(text);
  }

  /** The port on which it listens. */
  public int port() {
    return server.actualPort();
  }

  /** Stops listening; requests under way have 5 s. */
  @Override
  public void close() {
    try {
      server
          .shutdown(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)
          .toCompletionStage()
          .toCompletableFuture()
          .get(CLOSE_LIMIT.toSeconds() + 1, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.atWarn().setCause(e).log("Front door did not close in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
