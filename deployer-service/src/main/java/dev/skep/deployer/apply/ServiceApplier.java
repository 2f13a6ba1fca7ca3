package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.plan.ImagePins;
import dev.skep.deployer.plan.Names;
import dev.skep.deployer.plan.ServicePlan;
import dev.skep.deployer.plan.ServicePlanner;
import dev.skep.deployer.plan.SpecDiff;
import dev.skep.deployer.plan.UpdateOrder;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.RegistryAuth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Creates or updates one service, and leaves alone what is as desired. */
final class ServiceApplier {
  /** Two deployers may take turns in getting in each other's way; more often is something else. */
  private static final int ATTEMPTS = 8;

  private final EngineClient engine;
  private final ApplyOptions options;
  private final ServicePlanner planner;
  private final Self self;
  private final Steps steps;

  /** Name to whether its tasks are replaced, of those that were made or changed. */
  private final Map<String, Boolean> changed = new ConcurrentHashMap<>();

  ServiceApplier(
      EngineClient engine, ApplyOptions options, ServicePlanner planner, Self self, Steps steps) {
    this.engine = engine;
    this.options = options;
    this.planner = planner;
    this.self = self;
    this.steps = steps;
  }

  /** What is to be done for a service, by what was read of it; credentials apart. */
  ServicePlan decide(ObjectNode desired, JsonNode live) {
    return planner.plan(desired, live);
  }

  /** The services that were made or changed, and whether their tasks are replaced. */
  Map<String, Boolean> changed() {
    return Map.copyOf(changed);
  }

  /**
   * Makes one service as desired.
   *
   * @param live the service as it was read, or null
   */
  void apply(ObjectNode desired, JsonNode live) {
    String name = desired.path("Name").asText();
    Optional<String> missing = missing(desired);
    if (missing.isPresent()) {
      steps.add("service", name, ApplyResult.FAILED, missing.get());
      return;
    }
    try {
      ServicePlan plan = plan(desired, live);
      steps.planned(name, plan);
      switch (plan) {
        case ServicePlan.Create(ObjectNode spec) -> create(name, desired, spec);
        case ServicePlan.Keep keep -> steps.add("service", name, ApplyResult.UNCHANGED, "");
        case ServicePlan.Hold(JsonNode held, ObjectNode spec) -> hold(name, spec, held);
        case ServicePlan.Update update when self.is(name) && steps.anyFailed() ->
            steps.add(
                "service",
                name,
                ApplyResult.FAILED,
                "left as it is, because not all others were made");
        case ServicePlan.Update update -> update(name, desired, update);
      }
    } catch (EngineException e) {
      steps.failed("service", name, e);
    }
  }

  /**
   * What is to be done. Where there are credentials for its image, a service that is as desired is
   * sent again with them: the Engine never tells which it has, and they may be old. Swarm replaces
   * no task for that. One that is updated by hand is left alone in this, too, and so is a job,
   * which any update runs again.
   */
  private ServicePlan plan(ObjectNode desired, JsonNode live) {
    ServicePlan plan = planner.plan(desired, live);
    boolean byHand = UpdateOrder.held(desired) && !options.includeHeld();
    boolean job =
        desired.path("Mode").has("ReplicatedJob") || desired.path("Mode").has("GlobalJob");
    if (plan instanceof ServicePlan.Keep && !byHand && !job && auth(live.path("Spec")) != null) {
      return new ServicePlan.Update(live, live.path("Spec").deepCopy(), false);
    }
    return plan;
  }

  /** Whether an update brings nothing but credentials. */
  private static boolean onlyCredentials(ServicePlan.Update update) {
    return update.spec().equals(update.live().path("Spec"));
  }

  /** What the service needs and could not be made, in words. */
  private Optional<String> missing(ObjectNode desired) {
    return first(Names.networksOf(desired), "network")
        .or(() -> first(Names.filesOf(desired, "Secrets", "Secret"), "secret"))
        .or(() -> first(Names.filesOf(desired, "Configs", "Config"), "config"));
  }

  private Optional<String> first(Set<String> needed, String kind) {
    return needed.stream()
        .filter(n -> steps.failed(kind, n))
        .findFirst()
        .map(n -> "its %s %s could not be made".formatted(kind, n));
  }

  private void create(String name, ObjectNode desired, ObjectNode spec) {
    steps.stillWanted();
    JsonNode answer;
    try {
      answer = engine.createService(spec, auth(spec));
    } catch (EngineException e) {
      JsonNode made =
          e.isConflict() ? new StackReader(engine).service(Namespace.of(spec), name) : null;
      if (made == null) {
        throw e;
      }
      // Another deployment of the stack was faster: its service is new all the same.
      changed.put(name, false);
      apply(desired, made);
      return;
    }
    String warning = answer.path("Warning").asText("");
    changed.put(name, false);
    steps.add("service", name, ApplyResult.CREATED, warning);
  }

  /** Says what would change, and changes nothing. */
  private void hold(String name, ObjectNode spec, JsonNode live) {
    List<String> fields = SpecDiff.fields(live.path("Spec"), spec);
    String detail = "%s would change; --include-held does it".formatted(String.join(", ", fields));
    steps.add("service", name, ApplyResult.HELD, detail);
  }

  private void update(String name, ObjectNode desired, ServicePlan.Update first) {
    ServicePlan[] plan = {first};
    boolean updated =
        Conflicts.retry(
            ATTEMPTS,
            EngineException::isOutOfSequence,
            () -> {
              try {
                return plan[0] instanceof ServicePlan.Update update && updateOnce(name, update);
              } catch (EngineException e) {
                if (e.isOutOfSequence()) {
                  String id = first.live().path("ID").asText();
                  plan[0] = plan(desired, engine.service(id));
                }
                throw e;
              }
            });
    if (!updated) {
      steps.add("service", name, ApplyResult.UNCHANGED, "");
    } else if (self.is(name)) {
      steps.add("service", name, ApplyResult.UPDATING, "");
    } else {
      String detail = onlyCredentials(first) ? "registry credentials" : "";
      steps.add("service", name, ApplyResult.UPDATED, detail);
    }
  }

  private boolean updateOnce(String name, ServicePlan.Update update) {
    long version = update.live().path("Version").path("Index").asLong();
    steps.stillWanted();
    if (self.is(name)) {
      steps.beforeOwn(OwnUpdate.begun(name, version));
    }
    RegistryAuth auth = auth(update.spec());
    engine.updateService(
        update.live().path("ID").asText(),
        version,
        update.spec(),
        auth,
        auth == null ? "spec" : null);
    if (!onlyCredentials(update)) {
      changed.put(name, update.restarts());
    }
    return true;
  }

  private RegistryAuth auth(JsonNode spec) {
    return Credentials.of(ImagePins.image(spec), options);
  }
}
