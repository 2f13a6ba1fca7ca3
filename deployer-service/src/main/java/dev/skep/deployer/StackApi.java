package dev.skep.deployer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.gate.Awaited;
import dev.skep.deployer.state.Deployments;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.Sealed;
import dev.skep.model.access.Role;
import dev.skep.model.command.Command;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.runtime.http.Callers;
import dev.skep.runtime.http.CommandIds;
import dev.skep.runtime.http.Handlers;
import dev.skep.runtime.http.ProblemException;
import dev.skep.runtime.http.Roles;
import dev.skep.runtime.seal.PublicKeyRing;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * The deployer's front door. What it is asked for becomes a command, whose id it answers with: the
 * deployment itself goes on after the answer.
 */
final class StackApi {
  /** A record holds at most 8 MiB, and sealing and base64 make a body a third larger. */
  static final int LARGEST_BODY = 5 * 1024 * 1024;

  private final CommandSender sender;
  private final PublicKeyRing key;
  private final Supplier<Collection<Deployment>> deployments;
  private final CommandTracker tracker;
  private final Progress progress;
  private final String own;
  private final CommandIds ids = new CommandIds();

  /**
   * An API.
   *
   * @param own the Swarm service as which the deployer runs; its stack is for admins; "" for none
   */
  StackApi(
      CommandSender sender,
      PublicKeyRing key,
      Supplier<Collection<Deployment>> deployments,
      CommandTracker tracker,
      Progress progress,
      String own) {
    this.sender = sender;
    this.key = key;
    this.deployments = deployments;
    this.tracker = tracker;
    this.progress = progress;
    this.own = own;
  }

  void mount(Router router) {
    Roles.require(router.post("/api/stacks/:name"), Role.OPERATOR)
        .handler(Handlers.blocking(this::deploy));
    Roles.require(router.delete("/api/stacks/:name"), Role.OPERATOR)
        .handler(Handlers.blocking(this::remove));
    router.get("/api/deployments/:stack").handler(this::history);
    router.get("/api/commands/:id").handler(this::command);
  }

  private void deploy(RoutingContext ctx) {
    String name = changed(ctx);
    Buffer content = ctx.body().buffer();
    if (content == null || content.length() == 0) {
      throw new ProblemException(
          400, "Body missing", "send {\"objects\":{...}}, as skep stack convert --json prints it");
    }
    if (content.length() > LARGEST_BODY) {
      throw new ProblemException(
          413,
          "Stack too large",
          "the body has %d bytes, at most %d are allowed; make large configs external"
              .formatted(content.length(), LARGEST_BODY));
    }
    StackBody body = StackRequest.read(name, content.getBytes());
    if (body.options().includeHeld()) {
      Roles.demand(ctx, Role.ADMIN, "changing services that are updated by hand (includeHeld)");
    }
    String id = commandId(ctx, name);
    Sealed sealed = key.seal(body.toBytes(), Command.sealingContext(StackFolder.TARGET, id));
    send(ctx, id, StackFolder.DEPLOY, stackOnly(name), sealed);
  }

  private void remove(RoutingContext ctx) {
    String name = changed(ctx);
    known(ctx, "forget");
    List<String> forget = ctx.queryParam("forget");
    if (forget.size() > 1 || !List.of("true", "false").containsAll(forget)) {
      throw new ProblemException(400, "Invalid query", "forget is true or false");
    }
    boolean all = forget.contains("true");
    if (all) {
      Roles.demand(ctx, Role.ADMIN, "dropping a stack's revisions (forget)");
    }
    send(ctx, StackFolder.REMOVE, stackOnly(name).put("forget", all));
  }

  /** What is misspelt is not left out without a word. */
  private static void known(RoutingContext ctx, String only) {
    for (String name : ctx.queryParams().names()) {
      if (!name.equals(only)) {
        throw new ProblemException(
            400, "Invalid query", "'%s' is not known; known is %s".formatted(name, only));
      }
    }
  }

  /** The stack that a request would change: the suite's own is for admins. */
  String changed(RoutingContext ctx) {
    String name = stackName(ctx);
    if (own.startsWith(name + "_")) {
      Roles.demand(ctx, Role.ADMIN, "changing the suite's own stack '" + name + "'");
    }
    return name;
  }

  /** Asks for what holds no secrets, and answers with the command's id. */
  void send(RoutingContext ctx, String kind, JsonNode body) {
    send(ctx, commandId(ctx, body.path("stack").asText()), kind, body, null);
  }

  private static ObjectNode stackOnly(String name) {
    return JsonNodeFactory.instance.objectNode().put("stack", name);
  }

  private void send(RoutingContext ctx, String id, String kind, JsonNode about, Sealed sealed) {
    try {
      sender.send(id, kind, Callers.of(ctx).by(), about, sealed);
    } catch (CompletionException e) {
      throw new ProblemException(
          503,
          "Broker not reached",
          "the command may not have been accepted; repeat it with the same Idempotency-Key");
    }
    Handlers.json(ctx, 202, JsonNodeFactory.instance.objectNode().put("command", id));
  }

  /** After a restart, a deployment still tells for which stack its command's id was used. */
  private String commandId(RoutingContext ctx, String stack) {
    boolean used =
        CommandIds.key(ctx)
            .flatMap(key -> Deployments.byCommand(key, deployments.get()))
            .filter(d -> !d.stack().equals(stack))
            .isPresent();
    if (used) {
      throw CommandIds.usedBefore();
    }
    return ids.take(ctx);
  }

  private void history(RoutingContext ctx) {
    Handlers.json(
        ctx,
        200,
        Deployments.of(ctx.pathParam("stack"), deployments.get()).stream()
            .map(progress::of)
            .toList());
  }

  /**
   * A command's state; with its deployment once there is one.
   *
   * @param told steps that are not recorded, for who asked before the last of them and after the
   *     end
   * @param awaited services that it waits for now
   */
  record CommandState(
      String id,
      String state,
      String error,
      Deployment deployment,
      List<Step> told,
      Awaited awaited) {

    /** One that has come to nothing, or not yet to anything. */
    CommandState(String id, String state, String error) {
      this(id, state, error, null, List.of(), Awaited.NOTHING);
    }
  }

  private void command(RoutingContext ctx) {
    String id = ctx.pathParam("id");
    Optional<CommandState> state =
        Deployments.byCommand(id, deployments.get())
            .map(progress::of)
            .map(
                d ->
                    new CommandState(
                        id,
                        d.phase().name().toLowerCase(java.util.Locale.ROOT),
                        d.error(),
                        d,
                        progress.told(d),
                        progress.awaited(d)))
            .or(() -> tracker.get(id).map(s -> new CommandState(id, s.state(), s.reason())));
    if (state.isEmpty()) {
      throw new ProblemException(
          404,
          "Command not known",
          "no deployment came of '%s', and it was not sent through here lately".formatted(id));
    }
    Handlers.json(ctx, 200, state.get());
  }

  static String stackName(RoutingContext ctx) {
    try {
      return new Namespace(ctx.pathParam("name")).stack();
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, "Invalid stack name", e.getMessage());
    }
  }
}
