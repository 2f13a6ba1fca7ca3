package dev.skep.runtime;

import dev.skep.runtime.health.Health;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.Set;

/** One service. Its own Main runs one of these; the all-in-one runs all of them. */
public interface SkepService extends AutoCloseable {
  /** Its name, as in log lines and in health: {@code inventory}, {@code edge-agent}. */
  String name();

  /**
   * Starts its loops, on virtual threads of their own, and returns soon: it does not wait until it
   * is ready.
   *
   * @throws Exception if it cannot start; {@link #close} is called all the same
   */
  void start() throws Exception;

  /** How it is. Called often, from an event loop: must not block. */
  Health health();

  /**
   * Adds its HTTP endpoints, under {@code /api}. The front door has authenticated every request
   * before, but those of {@link #publicPaths}. Handlers run on an event loop: wrap what blocks in
   * {@code dev.skep.runtime.http.Handlers.blocking}.
   */
  default void mount(Router router) {}

  /**
   * Paths that need no token, each exact or, ending in {@code /*}, a prefix. A webhook that checks
   * a signature of its own is one.
   */
  default Set<String> publicPaths() {
    return Set.of();
  }

  /**
   * Whether a request without a bearer token may pass all the same, because it shows something else
   * that this service knows: a session's cookie. The front door asks every service. A browser sends
   * cookies by itself, so only safe methods (GET, HEAD) may be let through by one. Called on an
   * event loop: must not block.
   */
  default boolean authenticates(HttpServerRequest request) {
    return false;
  }

  /** Ends it gracefully; blocks, at most some seconds. Calling it again does nothing. */
  @Override
  void close();
}
