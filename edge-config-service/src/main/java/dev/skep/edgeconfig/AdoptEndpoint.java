package dev.skep.edgeconfig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Codecs;
import dev.skep.model.Json;
import dev.skep.model.command.Command;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.http.Handlers;
import dev.skep.runtime.http.ProblemException;
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
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * {@code POST /api/edges/adopt}: tells edges that this store is the one to follow, after it was
 * made anew. The command names the store's topics by the ids they have now: a store that is made
 * anew again after this is not adopted by it.
 */
final class AdoptEndpoint {
  static final String TARGET = "edge";
  static final String KIND = "store.adopt";

  private static final Duration VALID = Duration.ofMinutes(10);
  private static final Pattern EDGE = Pattern.compile("\\*|[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
  private static final List<String> STORE =
      List.of(Topics.ROUTES.name(), Topics.CERTIFICATES.name());

  private final Platform platform;
  private final Supplier<PlainPublisher> publisher;

  /**
   * @param publisher null before the service has started
   */
  AdoptEndpoint(Platform platform, Supplier<PlainPublisher> publisher) {
    this.platform = platform;
    this.publisher = publisher;
  }

  void mount(Router router) {
    router.post("/api/edges/adopt").handler(Handlers.blocking(this::adopt));
  }

  private void adopt(RoutingContext ctx) {
    Command command = command(edge(ctx), topicIds(), platform.clock().instant());
    PlainPublisher to = publisher.get();
    if (to == null) {
      throw new ProblemException(503, "Not ready", "edge-config is starting: try again.");
    }
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

  static Command command(String edge, Map<String, String> topicIds, Instant now) {
    ObjectNode body = Json.mapper().createObjectNode().put("edge", edge);
    ObjectNode topics = body.putObject("topics");
    topicIds.forEach(topics::put);
    return new Command(
        UUID.randomUUID().toString(), TARGET, KIND, "api", now, now.plus(VALID), body, null);
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

  private static String edge(RoutingContext ctx) {
    String text = ctx.body() == null ? null : ctx.body().asString();
    JsonNode edge = null;
    try {
      JsonNode body = text == null || text.isBlank() ? null : Json.mapper().readTree(text);
      edge = body == null ? null : body.get("edge");
    } catch (JsonProcessingException e) {
      throw bad("The body is not JSON: " + e.getOriginalMessage());
    }
    if (edge == null || !edge.isTextual() || !EDGE.matcher(edge.textValue()).matches()) {
      throw bad("The edge is missing or not a name");
    }
    return edge.textValue();
  }

  private static ProblemException bad(String what) {
    return new ProblemException(
        400,
        "Bad request",
        what + ". Send {\"edge\":\"NAME\"}, or {\"edge\":\"*\"} for all edges.");
  }

  private static ProblemException unreachable(Throwable cause) {
    return new ProblemException(
        503, "The broker does not answer", cause.getMessage() + ". Try again when it is back.");
  }
}
