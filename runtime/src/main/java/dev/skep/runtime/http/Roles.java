package dev.skep.runtime.http;

import dev.skep.model.access.Role;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.access.Caller;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which role a route needs, declared where it is mounted:
 *
 * <pre>{@code
 * Roles.require(router.post("/api/stacks/:name"), Role.OPERATOR).handler(...);
 * }</pre>
 *
 * <p>Without a declaration, what only reads is for all roles, and what changes is for admin alone.
 */
public final class Roles {
  private static final String ROLE = Roles.class.getName() + ".role";
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private Roles() {}

  /** Declares a route's role and lets through nobody without it. Call it before other handlers. */
  public static Route require(Route route, Role needed) {
    return route.putMetadata(ROLE, needed).handler(ctx -> check(ctx, needed));
  }

  /**
   * For what not every request to a route needs.
   *
   * @param what is being done, as the beginning of a sentence: {@code deploying the suite's own
   *     stack}
   * @throws ProblemException with 403 for who has not the role
   */
  public static void demand(RoutingContext ctx, Role needed, String what) {
    Caller caller = Callers.of(ctx);
    if (!caller.role().covers(needed)) {
      throw refusal(caller, needed, what);
    }
  }

  /** Whether a method changes nothing. */
  static boolean reads(HttpMethod method) {
    return READING.contains(method);
  }

  /**
   * The routes that may change something, are not public and declare no role.
   *
   * @param services whose routes they are
   */
  public static List<Route> undeclared(
      Collection<Route> routes, List<? extends SkepService> services) {
    PublicPaths open = PublicPaths.of(services);
    return routes.stream()
        .filter(r -> of(r) == null && changes(r))
        .filter(r -> r.getPath() == null || !open.contains(r.getPath()))
        .toList();
  }

  /** The role that a route declares; null if it declares none. */
  public static Role of(Route route) {
    return route.getMetadata(ROLE);
  }

  /**
   * Lets only admins through to what {@code route} takes.
   *
   * @param order before that route
   */
  static void guard(Router router, Route route, int order) {
    Route guard = router.route().order(order);
    if (route.getPath() != null) {
      guard.path(route.isExactPath() ? route.getPath() : route.getPath() + "*");
    }
    if (route.methods() != null) {
      route.methods().forEach(guard::method);
    }
    guard.handler(
        ctx -> {
          if (reads(ctx.request().method())) {
            ctx.next();
          } else {
            check(ctx, Role.ADMIN);
          }
        });
  }

  /** A route without methods takes all of them. */
  private static boolean changes(Route route) {
    Set<HttpMethod> methods = route.methods();
    return methods == null || methods.isEmpty() || !READING.containsAll(methods);
  }

  private static void check(RoutingContext ctx, Role needed) {
    Optional<Caller> caller = Callers.known(ctx);
    if (caller.isEmpty()) {
      // A public path, which lets everyone come so far.
      ctx.fail(401);
    } else if (caller.get().role().covers(needed)) {
      ctx.next();
    } else {
      ctx.fail(refusal(caller.get(), needed, ctx.request().method() + " " + ctx.normalizedPath()));
    }
  }

  private static ProblemException refusal(Caller caller, Role needed, String what) {
    return new ProblemException(
        403,
        "Forbidden",
        "%s needs role %s; '%s' has role %s: ask an admin, or show another token"
            .formatted(what, needed.id(), caller.name(), caller.role().id()));
  }
}
