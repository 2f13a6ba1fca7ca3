package dev.skep.monitor.http;

import dev.skep.model.cluster.Task;
import dev.skep.monitor.cluster.Snapshot;
import dev.skep.monitor.status.Status;
import dev.skep.runtime.http.Handlers;
import dev.skep.runtime.http.ProblemException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code GET /api/KIND}, {@code GET /api/KIND/ID} and {@code GET /api/status}. Until all topics are
 * read every list answers 503: half a list would be taken for the whole.
 */
public final class Api {
  private final List<Resource<?>> resources;
  private final Supplier<Status> status;
  private final BooleanSupplier ready;

  /** An API over these. */
  public Api(
      Supplier<Snapshot> snapshot,
      Supplier<Collection<Task>> tasks,
      Supplier<Status> status,
      BooleanSupplier ready) {
    this.resources = Resources.of(snapshot, tasks);
    this.status = status;
    this.ready = ready;
  }

  /** Adds the endpoints. */
  public void mount(Router router) {
    router.get("/api/status").handler(Handlers.blocking(ctx -> Answers.json(ctx, status.get())));
    for (Resource<?> resource : resources) {
      mount(router, resource);
    }
  }

  private <T> void mount(Router router, Resource<T> resource) {
    router.get("/api/" + resource.name()).handler(whenReady(ctx -> list(ctx, resource)));
    // A deployment's id has a slash in it: stack/revision.
    String id = resource.name().equals("deployments") ? "/:id/:revision" : "/:id";
    router
        .get("/api/" + resource.name() + id)
        .handler(
            whenReady(
                ctx -> {
                  String revision = ctx.pathParam("revision");
                  String key = ctx.pathParam("id") + (revision == null ? "" : "/" + revision);
                  one(ctx, resource, key);
                }));
  }

  private Handler<RoutingContext> whenReady(Handler<RoutingContext> handler) {
    return Handlers.blocking(
        ctx -> {
          if (!ready.getAsBoolean()) {
            ctx.response().putHeader("Retry-After", "1");
            throw new ProblemException(
                503, "Not ready", "the cluster's state is still being read; ask again in a second");
          }
          handler.handle(ctx);
        });
  }

  private static <T> void one(RoutingContext ctx, Resource<T> resource, String id) {
    Answers.json(ctx, resource.view().apply(resource.find(id)));
  }

  private static <T> void list(RoutingContext ctx, Resource<T> resource) {
    HttpServerRequest request = ctx.request();
    Listing.Page<T> page =
        resource.listing().page(resource.values().get(), ctx.queryParams().entries());
    ctx.response().putHeader("X-Total-Count", Integer.toString(page.total()));
    if (page.next() >= 0) {
      ctx.response().putHeader("Link", "<" + next(request, ctx, page) + ">; rel=\"next\"");
    }
    Answers.json(ctx, page.items().stream().map(resource.view()).toList());
  }

  private static String next(HttpServerRequest request, RoutingContext ctx, Listing.Page<?> page) {
    String filters =
        ctx.queryParams().entries().stream()
            .filter(e -> !e.getKey().equals("limit") && !e.getKey().equals("offset"))
            .map(e -> "&" + encode(e.getKey()) + "=" + encode(e.getValue()))
            .collect(Collectors.joining());
    return request.path() + "?limit=" + page.limit() + "&offset=" + page.next() + filters;
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
