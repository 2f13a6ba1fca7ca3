package dev.skep.deployer.schedule.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.skep.runtime.http.Handlers;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.List;

/** How schedules are doing. */
final class ScheduleApi {
  private final Scheduler scheduler;

  ScheduleApi(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void mount(Router router) {
    // Next times are computed for each answer.
    router.get("/api/schedules").handler(Handlers.blocking(this::list));
  }

  private void list(RoutingContext ctx) {
    Handlers.json(ctx, 200, JsonNodeFactory.instance.objectNode().putPOJO("schedules", all()));
  }

  private List<ScheduleStatus> all() {
    return scheduler.all().stream()
        .map(
            service ->
                ScheduleStatus.of(
                    service, scheduler.next(service), scheduler.trouble(service.id())))
        .sorted(Comparator.comparing(ScheduleStatus::service))
        .toList();
  }
}
