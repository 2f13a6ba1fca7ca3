package dev.skep.deployer.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.hook.Deliveries;
import dev.skep.deployer.source.hook.Webhook;
import dev.skep.runtime.http.Handlers;
import dev.skep.runtime.http.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How sources are doing, and the webhooks that hint at a push. */
final class SourcesApi {
  /** Those of a push are some kilobytes; GitHub's largest have 25 MB, and are not needed. */
  static final int LARGEST_HOOK = 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(SourcesApi.class);

  private final Sources sources;
  private final Deliveries deliveries = new Deliveries();

  SourcesApi(Sources sources) {
    this.sources = sources;
  }

  void mount(Router router) {
    router.get("/api/sources").handler(Handlers.blocking(this::list));
    router.post(Sources.HOOKS + ":name").handler(Handlers.blocking(this::hook));
  }

  private void list(RoutingContext ctx) {
    var answer = JsonNodeFactory.instance.objectNode();
    answer.putPOJO("sources", sources.statuses());
    answer.putPOJO("problems", sources.problems());
    Handlers.json(ctx, 200, answer);
  }

  /** Nothing of the body is believed: the repository is asked. */
  private void hook(RoutingContext ctx) {
    Source source = sources.source(ctx.pathParam("name"));
    if (source == null || source.webhookSecret().isEmpty()) {
      throw new ProblemException(
          404, "No such webhook", "there is no source of this name that takes webhooks");
    }
    Buffer content = ctx.body().buffer();
    byte[] body = content == null ? new byte[0] : content.getBytes();
    if (body.length > LARGEST_HOOK) {
      throw new ProblemException(
          413, "Webhook too large", "at most %d bytes are taken".formatted(LARGEST_HOOK));
    }
    Optional<String> delivery =
        Webhook.verified(ctx.request()::getHeader, body, secret(source.webhookSecret().get()));
    if (delivery.isEmpty()) {
      log.atWarn()
          .addKeyValue("source", source.name())
          .addKeyValue("address", ctx.request().remoteAddress().hostAddress())
          .log("A webhook with a wrong signature was refused");
      throw new ProblemException(
          401,
          "Signature wrong",
          "sign it with the secret of this source, as GitHub, Gitea, Forgejo or GitLab does");
    }
    if (!deliveries.first(source.name(), delivery.get())) {
      throw new ProblemException(409, "Delivered before", "this delivery was taken already");
    }
    sources.poll(source.name(), "webhook");
    Handlers.json(ctx, 202, JsonNodeFactory.instance.objectNode().put("source", source.name()));
  }

  private static String secret(Path file) {
    try {
      return Files.readString(file).stripTrailing();
    } catch (IOException e) {
      log.atError()
          .addKeyValue("file", file)
          .addKeyValue("reason", e.toString())
          .log("A webhook's secret cannot be read");
      throw new ProblemException(
          503, "Webhook not ready", "the secret of this source cannot be read; see the log");
    }
  }
}
