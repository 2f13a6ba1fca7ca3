package dev.skep.runtime.http;

import dev.skep.model.access.Role;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.access.Caller;
import dev.skep.runtime.access.TokenBook;
import dev.skep.runtime.access.TokenBook.Answer;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Lets pass who shows a token, whom a service vouches for, and everyone on public paths; and notes
 * who it is.
 */
final class TokenCheck implements Handler<RoutingContext> {
  private static final String SCHEME = "Bearer ";

  /** Who shows a session instead of a token. */
  private static final Caller SESSION = new Caller("session", Role.VIEWER, "");

  private final TokenBook book;
  private final List<? extends SkepService> services;
  private final PublicPaths publicPaths;

  TokenCheck(TokenBook book, List<? extends SkepService> services, PublicPaths publicPaths) {
    this.book = book;
    this.services = services;
    this.publicPaths = publicPaths;
  }

  @Override
  public void handle(RoutingContext ctx) {
    Callers.book(ctx, book);
    String shown = shown(ctx);
    Answer answer = book.check(shown);
    if (answer instanceof Answer.Known(String name, Role role, _)) {
      Callers.note(ctx, new Caller(name, role, person(ctx)));
      ctx.next();
    } else if (publicPaths.contains(ctx.normalizedPath())) {
      ctx.next();
    } else if (isVouchedFor(ctx)) {
      Callers.note(ctx, SESSION);
      ctx.next();
    } else if (answer instanceof Answer.NotRead) {
      // Not 401: a client would take its good token for a bad one.
      ctx.response().putHeader("Retry-After", "1");
      ctx.fail(
          new ProblemException(
              503,
              "Tokens not read yet",
              "this service has just started and has not read the access tokens; try again in a"
                  + " moment"));
    } else {
      ctx.response().putHeader("WWW-Authenticate", "Bearer realm=\"skep\"");
      ctx.fail(
          shown == null
              ? new ProblemException(
                  401, "Unauthorized", "show an access token: Authorization: Bearer TOKEN")
              : new ProblemException(
                  401,
                  "Unauthorized",
                  "this access token is wrong, revoked or expired: ask an admin for another"));
    }
  }

  /** The token in the request; null if there is none. */
  private static String shown(RoutingContext ctx) {
    String header = ctx.request().getHeader("Authorization");
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : null;
  }

  private static String person(RoutingContext ctx) {
    List<String> said = ctx.request().headers().getAll(Caller.PERSON_HEADER);
    if (said.isEmpty()) {
      return "";
    }
    if (said.size() > 1 || !Caller.isPerson(said.getFirst())) {
      throw new ProblemException(
          400,
          "Invalid " + Caller.PERSON_HEADER,
          "send one, of at most 100 letters, digits, '.', '_', '@', '+', '-'");
    }
    return said.getFirst();
  }

  /** Only for what changes nothing: a browser sends its cookies on other sites' behalf, too. */
  private boolean isVouchedFor(RoutingContext ctx) {
    return Roles.reads(ctx.request().method())
        && services.stream().anyMatch(s -> s.authenticates(ctx.request()));
  }
}
