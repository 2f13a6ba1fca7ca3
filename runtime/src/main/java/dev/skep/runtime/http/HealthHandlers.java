package dev.skep.runtime.http;

import dev.skep.runtime.SkepService;
import dev.skep.runtime.health.Health;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Answers how the services of this process are: 200 if all are well, else 503, with each in JSON.
 */
final class HealthHandlers {
  private final List<? extends SkepService> services;

  HealthHandlers(List<? extends SkepService> services) {
    this.services = services;
  }

  void live(RoutingContext ctx) {
    answer(ctx, Health::live);
  }

  void ready(RoutingContext ctx) {
    answer(ctx, Health::ready);
  }

  private void answer(RoutingContext ctx, Predicate<Health> well) {
    Map<String, Health> byName = new LinkedHashMap<>();
    services.forEach(s -> byName.put(s.name(), s.health()));
    boolean all = byName.values().stream().allMatch(well);
    Handlers.json(ctx, all ? 200 : 503, Map.of("status", all ? "UP" : "DOWN", "services", byName));
  }
}
