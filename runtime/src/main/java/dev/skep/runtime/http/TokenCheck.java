package dev.skep.runtime.http;

import dev.skep.runtime.SkepService;
import dev.skep.runtime.config.Secret;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets pass who shows the token, whom a service vouches for, and everyone on public paths. */
final class TokenCheck implements Handler<RoutingContext> {
  private static final String SCHEME = "Bearer ";

  private final Secret token;
  private final List<? extends SkepService> services;
  private final Set<String> publicPaths;

  TokenCheck(Secret token, List<? extends SkepService> services) {
    this.token = token;
    this.services = services;
    this.publicPaths =
        services.stream().flatMap(s -> s.publicPaths().stream()).collect(Collectors.toSet());
  }

  @Override
  public void handle(RoutingContext ctx) {
    if (showsToken(ctx) || isPublic(ctx.normalizedPath()) || isVouchedFor(ctx)) {
      ctx.next();
      return;
    }
    ctx.response().putHeader("WWW-Authenticate", "Bearer realm=\"skep\"");
    ctx.fail(401);
  }

  private boolean showsToken(RoutingContext ctx) {
    String header = ctx.request().getHeader("Authorization");
    return !token.isEmpty()
        && header != null
        && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && token.matches(header.substring(SCHEME.length()).strip());
  }

  private boolean isPublic(String path) {
    for (String allowed : publicPaths) {
      boolean prefix = allowed.endsWith("/*");
      if (prefix
          ? path.startsWith(allowed.substring(0, allowed.length() - 1))
          : path.equals(allowed)) {
        return true;
      }
    }
    return false;
  }

  /** Only for what changes nothing: a browser sends its cookies on other sites' behalf, too. */
  private boolean isVouchedFor(RoutingContext ctx) {
    HttpMethod method = ctx.request().method();
    return (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))
        && services.stream().anyMatch(s -> s.authenticates(ctx.request()));
  }
}
