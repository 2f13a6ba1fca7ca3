package dev.skep.deployer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.revision.RevisionText;
import dev.skep.deployer.revision.Revisions;
import dev.skep.deployer.revision.Rollback;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.Json;
import dev.skep.model.access.Role;
import dev.skep.model.stack.Revision;
import dev.skep.runtime.http.Handlers;
import dev.skep.runtime.http.ProblemException;
import dev.skep.runtime.http.Roles;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** A stack's kept revisions over HTTP. What is secret in them is masked. */
final class RevisionApi {
  private final Supplier<RevisionStore> store;
  private final StackApi commands;

  /**
   * An API.
   *
   * @param store gives null before the service is started
   */
  RevisionApi(Supplier<RevisionStore> store, StackApi commands) {
    this.store = store;
    this.commands = commands;
  }

  void mount(Router router) {
    router.get("/api/stacks/:name/revisions").handler(Handlers.blocking(this::list));
    router.get("/api/stacks/:name/revisions/:number").handler(Handlers.blocking(this::one));
    router
        .get("/api/stacks/:name/revisions/:number/diff/:other")
        .handler(Handlers.blocking(this::diff));
    Roles.require(router.post("/api/stacks/:name/rollback"), Role.OPERATOR)
        .handler(Handlers.blocking(this::rollback));
  }

  private void list(RoutingContext ctx) {
    Handlers.json(ctx, 200, RevisionText.list(kept(ctx)));
  }

  private void one(RoutingContext ctx) {
    List<Revision> kept = kept(ctx);
    Revision revision = find(ctx, kept, number(ctx, "number"));
    ObjectNode json = RevisionText.json(revision, kept);
    if (!revision.removal()) {
      json.set("objects", RevisionText.masked(body(revision).objects()));
    }
    Handlers.json(ctx, 200, json);
  }

  private void diff(RoutingContext ctx) {
    List<Revision> kept = kept(ctx);
    Revision from = find(ctx, kept, number(ctx, "number"));
    Revision to = find(ctx, kept, number(ctx, "other"));
    Handlers.json(ctx, 200, RevisionText.diff(from, bodyOrNull(from), to, bodyOrNull(to)).toJson());
  }

  private void rollback(RoutingContext ctx) {
    String stack = commands.changed(ctx);
    long wanted = wanted(ctx);
    List<Revision> kept = kept(ctx);
    if (wanted != 0) {
      find(ctx, kept, wanted);
    }
    Revision target;
    try {
      target = Rollback.target(stack, kept, wanted);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(409, "Nothing to go back to", e.getMessage());
    }
    commands.send(
        ctx,
        StackFolder.ROLLBACK,
        JsonNodeFactory.instance.objectNode().put("stack", stack).put("revision", target.number()));
  }

  private static long wanted(RoutingContext ctx) {
    Buffer content = ctx.body().buffer();
    if (content == null || content.length() == 0) {
      return 0;
    }
    JsonNode json;
    try {
      json = Json.mapper().readTree(content.getBytes());
    } catch (IOException e) {
      throw new ProblemException(400, "Invalid body", "send {\"revision\":N}, or nothing");
    }
    JsonNode revision = json.path("revision");
    if (!json.isObject()
        || !(revision.isMissingNode() || revision.isNull() || isNumber(revision))) {
      throw new ProblemException(400, "Invalid body", "send {\"revision\":N}, or nothing");
    }
    return revision.asLong(0);
  }

  private static boolean isNumber(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong() && value.asLong() > 0;
  }

  private List<Revision> kept(RoutingContext ctx) {
    String stack = StackApi.stackName(ctx);
    RevisionStore current = store.get();
    if (current == null || !current.ready()) {
      throw new ProblemException(
          503, "Revisions not read yet", "the deployer has just started; try again in a moment");
    }
    List<Revision> kept = current.of(stack);
    if (kept.isEmpty()) {
      throw new ProblemException(
          404, "Stack not known", "no revision of stack '%s' is kept".formatted(stack));
    }
    return kept;
  }

  private static Revision find(RoutingContext ctx, List<Revision> kept, long number) {
    return Revisions.find(kept, number)
        .orElseThrow(
            () ->
                new ProblemException(
                    404,
                    "Revision not kept",
                    "revision %d of stack '%s' is not kept; those that are: GET /api/stacks/%s/revisions"
                        .formatted(number, ctx.pathParam("name"), ctx.pathParam("name"))));
  }

  private StackBody bodyOrNull(Revision revision) {
    return revision.removal() ? null : body(revision);
  }

  private StackBody body(Revision revision) {
    try {
      return store
          .get()
          .body(revision.stack(), revision.number())
          .orElseThrow(
              () ->
                  new ProblemException(
                      404,
                      "Body not kept",
                      "what revision %d of stack '%s' consisted of is not kept"
                          .formatted(revision.number(), revision.stack())));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(409, "Revision unreadable", e.getMessage());
    }
  }

  private static long number(RoutingContext ctx, String parameter) {
    String text = ctx.pathParam(parameter);
    if (!text.matches("[1-9][0-9]{0,17}")) {
      throw new ProblemException(
          400, "Invalid revision", "'%s' is not the number of a revision".formatted(text));
    }
    return Long.parseLong(text);
  }
}
