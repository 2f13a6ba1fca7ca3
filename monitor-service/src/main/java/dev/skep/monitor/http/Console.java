package dev.skep.monitor.http;

import dev.skep.monitor.cluster.Snapshot;
import dev.skep.monitor.page.Messages;
import dev.skep.monitor.page.Page;
import dev.skep.monitor.status.Status;
import dev.skep.runtime.access.Caller;
import dev.skep.runtime.access.TokenBook;
import dev.skep.runtime.access.TokenBook.Answer;
import dev.skep.runtime.http.Callers;
import dev.skep.runtime.http.Handlers;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The first page and the login to it. A token of any role is posted once; from then on the browser
 * shows a session's cookie, which lets GET requests through as a viewer's and nothing else, so that
 * no other page can make a browser change anything. The session ends with its token.
 */
public final class Console {
  /** What needs no token; the page itself asks for a session. */
  public static final Set<String> PUBLIC_PATHS = Set.of("/", "/login", "/logout", "/assets/*");

  private static final String SESSION_COOKIE = "skep_session";
  private static final String LANGUAGE_COOKIE = "skep_lang";
  private static final String CSP =
      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private final Sessions sessions;
  private final Throttle throttle;
  private final Supplier<Snapshot> snapshot;
  private final Supplier<Status> status;

  /** A console over these. */
  public Console(
      Clock clock, Duration sessionLife, Supplier<Snapshot> snapshot, Supplier<Status> status) {
    this.sessions = new Sessions(clock, sessionLife, 1000);
    this.throttle = new Throttle(clock, 10, Duration.ofMinutes(1));
    this.snapshot = snapshot;
    this.status = status;
  }

  /** Adds the page, the login and the assets. */
  public void mount(Router router) {
    router.get("/").handler(Handlers.blocking(this::page));
    router.get("/fragment").handler(Handlers.blocking(this::fragment));
    router.get("/login").handler(Handlers.blocking(this::loginForm));
    router.post("/login").handler(Handlers.blocking(this::login));
    router.post("/logout").handler(Handlers.blocking(this::logout));
    Assets.mount(router);
  }

  /** Whether a request is let through without a token: it reads, and shows an open session. */
  public boolean authenticates(HttpServerRequest request) {
    return (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD))
        && signedIn(request);
  }

  /** The session that a request shows, open or not; null if it shows none. */
  static String session(HttpServerRequest request) {
    Cookie cookie = request.getCookie(SESSION_COOKIE);
    return cookie == null ? null : cookie.getValue();
  }

  /** Whether this session is open; null is none. */
  boolean open(String session) {
    return sessions.valid(session);
  }

  private boolean signedIn(HttpServerRequest request) {
    return open(session(request));
  }

  private void page(RoutingContext ctx) {
    if (!signedIn(ctx.request())) {
      redirect(ctx, "/login");
      return;
    }
    html(ctx, 200, Page.full(words(ctx), snapshot.get(), status.get()));
  }

  private void fragment(RoutingContext ctx) {
    String html = Page.content(words(ctx), snapshot.get(), status.get()).toString();
    protect(ctx);
    Answers.send(
        ctx,
        "text/html; charset=utf-8",
        html.getBytes(StandardCharsets.UTF_8),
        "private, no-cache");
  }

  private void loginForm(RoutingContext ctx) {
    if (signedIn(ctx.request())) {
      redirect(ctx, "/");
      return;
    }
    html(ctx, 200, Page.login(words(ctx), null));
  }

  private void login(RoutingContext ctx) {
    String address = address(ctx.request());
    if (!sameOrigin(ctx.request())) {
      html(ctx, 403, Page.login(words(ctx), "login.origin"));
      return;
    }
    if (!throttle.allows(address)) {
      ctx.response().putHeader("Retry-After", "60");
      html(ctx, 429, Page.login(words(ctx), "login.wait"));
      return;
    }
    String shown = ctx.request().formAttributes().get("token");
    TokenBook book = Callers.book(ctx);
    switch (book.check(shown == null ? null : shown.strip())) {
      case Answer.Known known -> {
        Callers.note(ctx, new Caller(known.name(), known.role(), ""));
        String session = sessions.begin(() -> book.holds(known));
        ctx.response()
            .addCookie(cookie(ctx, SESSION_COOKIE, session).setMaxAge(sessions.life().toSeconds()));
        redirect(ctx, "/");
      }
      case Answer.NotRead _ -> {
        ctx.response().putHeader("Retry-After", "1");
        html(ctx, 503, Page.login(words(ctx), "login.early"));
      }
      case Answer.Unknown _ -> {
        throttle.failed(address);
        html(ctx, 401, Page.login(words(ctx), "login.wrong"));
      }
    }
  }

  /** Who asks: behind an edge all share its address, and it says last of whom it heard. */
  private static String address(HttpServerRequest request) {
    String remote = request.remoteAddress().hostAddress();
    String forwarded = request.getHeader("X-Forwarded-For");
    return forwarded == null
        ? remote
        : remote + " for " + forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
  }

  private void logout(RoutingContext ctx) {
    sessions.end(session(ctx.request()));
    ctx.response().addCookie(cookie(ctx, SESSION_COOKIE, "").setMaxAge(0));
    redirect(ctx, "/login");
  }

  /** A choice by ?lang= is remembered, so that the next page speaks the same language. */
  private static Messages words(RoutingContext ctx) {
    Cookie remembered = ctx.request().getCookie(LANGUAGE_COOKIE);
    String asked = ctx.request().getParam("lang");
    Messages words =
        Messages.choose(
            asked != null ? asked : remembered == null ? null : remembered.getValue(),
            ctx.request().getHeader("Accept-Language"));
    if (words.tag().equals(asked)) {
      ctx.response()
          .addCookie(
              cookie(ctx, LANGUAGE_COOKIE, asked).setMaxAge(Duration.ofDays(365).toSeconds()));
    }
    return words;
  }

  private static Cookie cookie(RoutingContext ctx, String name, String value) {
    boolean tls =
        ctx.request().isSSL() || "https".equals(ctx.request().getHeader("X-Forwarded-Proto"));
    return Cookie.cookie(name, value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(tls)
        .setSameSite(CookieSameSite.STRICT);
  }

  /** A browser that sends a form says from which page; other programs need not. */
  private static boolean sameOrigin(HttpServerRequest request) {
    String origin = request.getHeader("Origin");
    if (origin == null) {
      return true;
    }
    try {
      return URI.create(origin).getAuthority() != null
          && URI.create(origin).getAuthority().equals(request.getHeader("Host"));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void redirect(RoutingContext ctx, String to) {
    protect(ctx);
    ctx.response()
        .setStatusCode(303)
        .putHeader("Location", to)
        .putHeader("Cache-Control", "no-store")
        .end();
  }

  private static void html(RoutingContext ctx, int code, String page) {
    protect(ctx);
    ctx.response()
        .setStatusCode(code)
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .end(page);
  }

  private static void protect(RoutingContext ctx) {
    ctx.response()
        .putHeader("Content-Security-Policy", CSP)
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Vary", "Accept-Language, Cookie");
  }
}
