package dev.skep.runtime.http;

import dev.skep.runtime.access.Caller;
import dev.skep.runtime.access.TokenBook;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;

/** Who sent a request, as the front door found out. */
public final class Callers {
  private static final String CALLER = Callers.class.getName() + ".caller";
  private static final String BOOK = Callers.class.getName() + ".book";

  private Callers() {}

  /**
   * The caller of a request to a path that is not public.
   *
   * @throws IllegalStateException if the front door did not look: on a public path
   */
  public static Caller of(RoutingContext ctx) {
    return known(ctx)
        .orElseThrow(() -> new IllegalStateException("nobody was asked for at a public path"));
  }

  /** The caller; empty on public paths, for who shows nothing there. */
  public static Optional<Caller> known(RoutingContext ctx) {
    return Optional.ofNullable(ctx.get(CALLER));
  }

  /** Notes who it is: for public paths on which people say so in their own way, as at a login. */
  public static void note(RoutingContext ctx, Caller caller) {
    ctx.put(CALLER, caller);
  }

  /** Whose tokens are whose. */
  public static TokenBook book(RoutingContext ctx) {
    return Objects.requireNonNull(ctx.get(BOOK), "the front door gives every request its book");
  }

  static void book(RoutingContext ctx, TokenBook book) {
    ctx.put(BOOK, book);
  }
}
