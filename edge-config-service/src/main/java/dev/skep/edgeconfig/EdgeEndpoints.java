package dev.skep.edgeconfig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Codecs;
import dev.skep.model.Json;
import dev.skep.model.access.Role;
import dev.skep.model.command.Command;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.http.Callers;
import dev.skep.runtime.http.CommandIds;
import dev.skep.runtime.http.Handlers;
import dev.skep.runtime.http.ProblemException;
import dev.skep.runtime.http.Roles;
import dev.skep.runtime.kafka.PlainPublisher;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.TopicAdmin;
import dev.skep.runtime.kafka.Write;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What edges can be told, each by its name in {@code {"edge":"NAME"}}:
 *
 * <ul>
 *   <li>{@code POST /api/edges/adopt}: that this store is the one to follow, after it was made
 *       anew; {@code "*"} for all edges. The command names the store's topics by the ids they have
 *       now: a store that is made anew again after this is not adopted by it.
 *   <li>{@code POST /api/edges/forget}: that an edge is gone for good, and that what it has said
 *       last is not to be waited for any more.
 * </ul>
 */
final class EdgeEndpoints {
  static final String TARGET = "edge";

  private static final Duration ADOPT_VALID = Duration.ofMinutes(10);

  /** Shorter: an edge that runs after all must outlast it. */
  private static final Duration FORGET_VALID = Duration.ofMinutes(1);

  private static final Pattern EDGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
  private static final String ALL = "*";
  private static final List<String> STORE =
      List.of(Topics.ROUTES.name(), Topics.CERTIFICATES.name());

  private final Platform platform;
  private final Supplier<PlainPublisher> publisher;
  private final CommandIds ids = new CommandIds();

  /**
   * @param publisher null before the service has started
   */
  EdgeEndpoints(Platform platform, Supplier<PlainPublisher> publisher) {
    this.platform = platform;
    this.publisher = publisher;
  }

  void mount(Router router) {
    // Both make edges do what they refuse by themselves, for good reasons.
    Roles.require(router.post("/api/edges/adopt"), Role.ADMIN)
        .handler(Handlers.blocking(this::adopt));
    Roles.require(router.post("/api/edges/forget"), Role.ADMIN)
        .handler(Handlers.blocking(this::forget));
  }

  private void adopt(RoutingContext ctx) {
    ObjectNode body = Json.mapper().createObjectNode().put("edge", edge(ctx, true));
    ObjectNode topics = body.putObject("topics");
    topicIds().forEach(topics::put);
    issue(ctx, "store.adopt", body, ADOPT_VALID);
  }

  private void forget(RoutingContext ctx) {
    ObjectNode body = Json.mapper().createObjectNode().put("edge", edge(ctx, false));
    issue(ctx, "edge.forget", body, FORGET_VALID);
  }

  private void issue(RoutingContext ctx, String kind, ObjectNode body, Duration valid) {
    PlainPublisher to = publisher.get();
    if (to == null) {
      throw new ProblemException(503, "Not ready", "edge-config is starting: try again.");
    }
    Instant now = platform.clock().instant();
    String by = Callers.of(ctx).by();
    Command command =
        new Command(ids.take(ctx), TARGET, kind, by, now, now.plus(valid), body, null);
    try {
      to.publish(
              Write.put(Topics.COMMANDS, Codecs.COMMANDS, TARGET, command, "issued", command.id()))
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw unreachable(e.getCause() == null ? e : e.getCause());
    }
    Handlers.json(ctx, 202, Map.of("command", command.id()));
  }

  private Map<String, String> topicIds() {
    Map<String, String> ids;
    try {
      ids = TopicAdmin.topicIds(platform.kafka(), STORE);
    } catch (PublishException e) {
      throw unreachable(e);
    }
    if (!ids.keySet().containsAll(STORE)) {
      throw new ProblemException(
          503,
          "Not ready",
          "The store has no topics " + STORE + " yet: try again when the services are ready.");
    }
    return ids;
  }

  private static String edge(RoutingContext ctx, boolean allToo) {
    String text = ctx.body() == null ? null : ctx.body().asString();
    JsonNode edge = null;
    try {
      JsonNode body = text == null || text.isBlank() ? null : Json.mapper().readTree(text);
      edge = body == null ? null : body.get("edge");
    } catch (JsonProcessingException e) {
      throw bad("The body is not JSON: " + e.getOriginalMessage(), allToo);
    }
    String name = edge == null || !edge.isTextual() ? "" : edge.textValue();
    if (!EDGE.matcher(name).matches() && !(allToo && name.equals(ALL))) {
      throw bad("The edge is missing or not a name", allToo);
    }
    return name;
  }

  private static ProblemException bad(String what, boolean allToo) {
    return new ProblemException(
        400,
        "Bad request",
        what
            + ". Send {\"edge\":\"NAME\"}"
            + (allToo ? ", or {\"edge\":\"*\"} for all edges." : "."));
  }

  private static ProblemException unreachable(Throwable cause) {
    return new ProblemException(
        503, "The broker does not answer", cause.getMessage() + ". Try again when it is back.");
  }
}
