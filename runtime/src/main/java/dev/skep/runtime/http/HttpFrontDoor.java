package dev.skep.runtime.http;

import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.access.TokenBook;
import dev.skep.runtime.access.TokenSource;
import dev.skep.runtime.access.TopicTokens;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Route;
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
 * everyone on its network, and the services' own endpoints for those who show a token with the role
 * that the endpoint needs, wherever they come from. Who changes something, or is refused, is
 * written down ({@link AuditLog}). Every error is a {@link Problem} as {@code
 * application/problem+json}.
 */
public final class HttpFrontDoor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpFrontDoor.class);

  /** Who reads the tokens where several services share a door. */
  private static final String NAME = "front-door";

  private static final long BODY_LIMIT = 8L * 1024 * 1024;
  private static final Duration START_LIMIT = Duration.ofSeconds(10);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  // Routes are tried in this order, and those of services, in the order of their making, after.
  private static final int OPEN = -5;
  private static final int AUDIT = -4;
  private static final int AUTHENTICATE = -3;
  private static final int READ_BODY = -2;
  private static final int GUARD = -1;

  private final HttpServer server;
  private final TokenSource tokens;

  private HttpFrontDoor(HttpServer server, TokenSource tokens) {
    this.server = server;
    this.tokens = tokens;
  }

  /**
   * Opens it; blocks until it listens. Named tokens are read from their topic meanwhile and after.
   * Without a root token it has no API, and reads none.
   *
   * @throws java.io.UncheckedIOException if it cannot listen, with one line that says why and what
   *     to do
   */
  public static HttpFrontDoor open(
      Platform platform, HttpConfig config, List<? extends SkepService> services) {
    TokenSource tokens =
        config.token().isEmpty()
            ? TokenSource.none()
            : TopicTokens.open(platform, services.size() == 1 ? services.getFirst().name() : NAME);
    try {
      return open(platform, config, services, tokens);
    } catch (RuntimeException e) {
      tokens.close();
      throw e;
    }
  }

  /**
   * One for as long as there is no broker to read named tokens from; otherwise as {@link #open}.
   */
  public static HttpFrontDoor openBeforeBroker(
      Platform platform, HttpConfig config, List<? extends SkepService> services) {
    return open(platform, config, services, TokenSource.unread());
  }

  /** With named tokens from elsewhere; closes them with itself. */
  static HttpFrontDoor open(
      Platform platform,
      HttpConfig config,
      List<? extends SkepService> services,
      TokenSource tokens) {
    TokenBook book = new TokenBook(config.token(), tokens, platform.clock());
    HttpServer server =
        platform
            .vertx()
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(config.host())
                    .setPort(config.port())
                    .setIdleTimeout(120)
                    .setCompressionSupported(true))
            .requestHandler(router(platform, book, services));
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
    return new HttpFrontDoor(server, tokens);
  }

  private static Router router(
      Platform platform, TokenBook book, List<? extends SkepService> services) {
    Router router = Router.router(platform.vertx());
    Failures failures = new Failures();
    router.route().order(OPEN).failureHandler(failures);
    HealthHandlers health = new HealthHandlers(services);
    router.get("/health/live").order(OPEN).handler(HttpFrontDoor::fromHere).handler(health::live);
    router.get("/health/ready").order(OPEN).handler(HttpFrontDoor::fromHere).handler(health::ready);
    router
        .get("/metrics")
        .order(OPEN)
        .handler(HttpFrontDoor::fromHere)
        .handler(Handlers.blocking(ctx -> metrics(platform, ctx)));
    PublicPaths publicPaths = PublicPaths.of(services);
    router.route().order(AUDIT).handler(new AuditLog(platform.clock()));
    router.route().order(AUTHENTICATE).handler(new TokenCheck(book, services, publicPaths));
    router.route().order(READ_BODY).handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT));
    int own = router.getRoutes().size();
    services.forEach(s -> s.mount(router));
    List<Route> mounted = router.getRoutes();
    guard(router, Roles.undeclared(mounted.subList(own, mounted.size()), services));
    // What no route takes would be answered by Vert.x itself, in HTML.
    for (int status : new int[] {400, 404, 405, 406, 413, 415, 500}) {
      router.errorHandler(status, failures);
    }
    return router;
  }

  /** Whoever forgets to say who may change something gives it to admins alone. */
  private static void guard(Router router, List<Route> undeclared) {
    for (Route route : undeclared) {
      log.atWarn()
          .addKeyValue("methods", route.methods())
          .addKeyValue("path", route.getPath())
          .log("An endpoint that changes something declares no role; it is for admins alone");
      Roles.guard(router, route, GUARD);
    }
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
    closeServer();
    tokens.close();
  }

  private void closeServer() {
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
