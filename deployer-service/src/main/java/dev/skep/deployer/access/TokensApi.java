package dev.skep.deployer.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Codecs;
import dev.skep.model.Json;
import dev.skep.model.access.AccessToken;
import dev.skep.model.access.Role;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.access.TokenBook;
import dev.skep.runtime.access.TokenSource;
import dev.skep.runtime.access.TokenText;
import dev.skep.runtime.http.Callers;
import dev.skep.runtime.http.CommandIds;
import dev.skep.runtime.http.Handlers;
import dev.skep.runtime.http.ProblemException;
import dev.skep.runtime.http.Roles;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The named tokens over HTTP, for admins:
 *
 * <ul>
 *   <li>{@code POST /api/tokens} makes one and answers with it, this once
 *   <li>{@code GET /api/tokens} lists them, without tokens or hashes
 *   <li>{@code DELETE /api/tokens/NAME} revokes one
 * </ul>
 *
 * <p>It answers when this process has read back what it wrote; other services read it within
 * moments.
 */
public final class TokensApi {
  private static final String PATH = "/api/tokens";
  private static final Duration READ_BACK = Duration.ofSeconds(10);

  private final Supplier<Writer> writer;
  private final Clock clock;
  private final CommandIds ids = new CommandIds();

  /** Held from looking for a name to reading it back, so that no name is given twice. */
  private final ReentrantLock changing = new ReentrantLock();

  /**
   * An API.
   *
   * @param writer of the deployer's state; gives null before the service is started
   */
  public TokensApi(Supplier<Writer> writer, Clock clock) {
    this.writer = writer;
    this.clock = clock;
  }

  /** Adds the endpoints. */
  public void mount(Router router) {
    Roles.require(router.get(PATH), Role.ADMIN).handler(Handlers.blocking(this::list));
    Roles.require(router.post(PATH), Role.ADMIN).handler(Handlers.blocking(this::create));
    Roles.require(router.delete(PATH + "/:name"), Role.ADMIN)
        .handler(Handlers.blocking(this::revoke));
  }

  private void list(RoutingContext ctx) {
    Instant now = clock.instant();
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    List<AccessToken> tokens =
        tokens(ctx).all().values().stream()
            .sorted(Comparator.comparing(AccessToken::name))
            .toList();
    tokens.forEach(t -> list.add(json(t, now)));
    Handlers.json(ctx, 200, list);
  }

  private void create(RoutingContext ctx) {
    TokenRequest request = request(ctx);
    TokenSource tokens = tokens(ctx);
    changing.lock();
    try {
      if (tokens.all().containsKey(request.name())) {
        throw new ProblemException(
            409,
            "Name taken",
            "there is a token '%s': revoke it first, or choose another name"
                .formatted(request.name()));
      }
      String text = TokenText.create(request.name());
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      AccessToken token =
          new AccessToken(
              request.name(),
              request.role(),
              TokenText.hash(text),
              now,
              Callers.of(ctx).by(),
              request.life() == null ? null : now.plus(request.life()));
      String id = ids.take(ctx);
      write(Write.put(Topics.TOKENS, Codecs.TOKENS, token.name(), token, "created", id));
      readBack(tokens, token.name(), token);
      Handlers.json(ctx, 201, json(token, now).put("token", text));
    } finally {
      changing.unlock();
    }
  }

  private void revoke(RoutingContext ctx) {
    String name = ctx.pathParam("name");
    if (name.equals(TokenBook.ROOT)) {
      throw new ProblemException(
          409,
          "Root token",
          "'root' is the token that the services are started with (SKEP_TOKEN): give them another");
    }
    TokenSource tokens = tokens(ctx);
    changing.lock();
    try {
      if (!tokens.all().containsKey(name)) {
        throw new ProblemException(
            404, "No such token", "there is no token '%s'".formatted(TokenText.masked(name)));
      }
      ids.take(ctx);
      write(Write.delete(Topics.TOKENS, Codecs.TOKENS, name));
      readBack(tokens, name, null);
      Handlers.json(ctx, 200, JsonNodeFactory.instance.objectNode().put("revoked", name));
    } finally {
      changing.unlock();
    }
  }

  private static TokenSource tokens(RoutingContext ctx) {
    TokenSource tokens = Callers.book(ctx).named();
    if (!tokens.ready()) {
      throw new ProblemException(
          503, "Tokens not read yet", "the deployer has just started; try again in a moment");
    }
    return tokens;
  }

  private static TokenRequest request(RoutingContext ctx) {
    Buffer body = ctx.body().buffer();
    try {
      return TokenRequest.fromJson(
          body == null || body.length() == 0 ? null : Json.mapper().readTree(body.getBytes()));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, "Invalid token", e.getMessage());
    } catch (IOException e) {
      throw new ProblemException(400, "Invalid token", "the body is not valid JSON");
    }
  }

  private void write(Write<AccessToken> write) {
    Writer current = writer.get();
    if (current == null) {
      throw new ProblemException(
          503, "Not started yet", "the deployer has just started; try again in a moment");
    }
    try {
      current.publish(List.of(write));
    } catch (PublishException e) {
      throw new ProblemException(
          503,
          "Broker not reached",
          "it may or may not have been done: look with GET /api/tokens before trying again");
    }
  }

  private static void readBack(TokenSource tokens, String name, AccessToken expected) {
    if (!tokens.await(
        all -> expected == null ? !all.containsKey(name) : expected.equals(all.get(name)),
        READ_BACK)) {
      throw new ProblemException(
          503,
          "Not read back",
          "it was written, and this service has not read it yet: look with GET /api/tokens");
    }
  }

  private static ObjectNode json(AccessToken token, Instant now) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", token.name());
    json.put("role", token.role().id());
    json.put("createdAt", token.createdAt().toString());
    json.put("createdBy", token.createdBy());
    json.put("expiresAt", token.expiresAt() == null ? null : token.expiresAt().toString());
    json.put("expired", token.expired(now));
    return json;
  }
}
