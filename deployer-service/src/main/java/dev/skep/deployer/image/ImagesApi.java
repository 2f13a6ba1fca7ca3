package dev.skep.deployer.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.skep.deployer.image.policy.Push;
import dev.skep.model.Json;
import dev.skep.runtime.config.Secret;
import dev.skep.runtime.http.Handlers;
import dev.skep.runtime.http.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** How followed images stand, and the notifications that hint at a push. */
final class ImagesApi {
  /** Some hundred events; registries send one at a time. */
  static final int LARGEST_HOOK = 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(ImagesApi.class);
  private static final Duration REFUSALS = Duration.ofMinutes(1);
  private static final String SCHEME = "Bearer ";

  private final ImageFollower follower;
  private final Secret secret;
  private final Clock clock;
  private final AtomicReference<Instant> refusalTold = new AtomicReference<>(Instant.EPOCH);

  /**
   * @param secret of the hook; empty: there is none
   */
  ImagesApi(ImageFollower follower, Secret secret, Clock clock) {
    this.follower = follower;
    this.secret = secret;
    this.clock = clock;
  }

  void mount(Router router) {
    router.get("/api/images").handler(Handlers.blocking(this::list));
    if (!secret.isEmpty()) {
      router.post(ImageFollower.HOOK).handler(Handlers.blocking(this::hook));
    }
  }

  private void list(RoutingContext ctx) {
    var answer = JsonNodeFactory.instance.objectNode();
    answer.putPOJO("images", follower.statuses());
    answer.putPOJO("strays", follower.strays());
    Handlers.json(ctx, 200, answer);
  }

  /** Nothing of the body is believed: the registry is asked. */
  private void hook(RoutingContext ctx) {
    if (!shown(ctx.request().getHeader("Authorization"))) {
      log.atLevel(toldLately() ? Level.DEBUG : Level.WARN)
          .addKeyValue("address", ctx.request().remoteAddress().hostAddress())
          .log("A registry's notification with a wrong secret was refused");
      throw new ProblemException(
          401,
          "Secret wrong",
          "have the registry send 'Authorization: Bearer SECRET' with the secret of SKEP_REGISTRY_HOOK_SECRET");
    }
    Buffer content = ctx.body().buffer();
    byte[] body = content == null ? new byte[0] : content.getBytes();
    if (body.length > LARGEST_HOOK) {
      throw new ProblemException(
          413, "Notification too large", "at most %d bytes are taken".formatted(LARGEST_HOOK));
    }
    int images;
    try {
      JsonNode envelope = Json.mapper().readTree(body);
      images = follower.pushed(Push.read(envelope));
    } catch (IOException e) {
      throw new ProblemException(400, "Notification wrong", "it is not JSON");
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, "Notification wrong", e.getMessage());
    }
    Handlers.json(ctx, 202, JsonNodeFactory.instance.objectNode().put("images", images));
  }

  /** A registry repeats what is refused, for as long as it is. */
  private boolean toldLately() {
    Instant now = clock.instant();
    Instant before = refusalTold.get();
    return before.plus(REFUSALS).isAfter(now) || !refusalTold.compareAndSet(before, now);
  }

  /** With the scheme, or as it is: some registries send just what they are told to. */
  private boolean shown(String header) {
    if (header == null) {
      return false;
    }
    boolean bearer = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    return secret.matches(bearer ? header.substring(SCHEME.length()).strip() : header.strip());
  }
}
