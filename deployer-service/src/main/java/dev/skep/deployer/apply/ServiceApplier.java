package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.plan.ApiLevel;
import dev.skep.deployer.plan.Names;
import dev.skep.deployer.plan.PredefinedNetworks;
import dev.skep.deployer.plan.SpecDiff;
import dev.skep.deployer.plan.SpecForm;
import dev.skep.deployer.plan.SpecOverlay;
import dev.skep.deployer.plan.UpdateOrder;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.RegistryAuth;
import java.util.Collection;
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
  private final Names names;
  private final Collection<String> swarmNetworks;
  private final ImageResolver images;
  private final Self self;
  private final Steps steps;

  /** Name to whether its tasks are replaced, of those that were made or changed. */
  private final Map<String, Boolean> changed = new ConcurrentHashMap<>();

  ServiceApplier(
      EngineClient engine,
      ApplyOptions options,
      Names names,
      Collection<String> swarmNetworks,
      ImageResolver images,
      Self self,
      Steps steps) {
    this.engine = engine;
    this.options = options;
    this.names = names;
    this.swarmNetworks = swarmNetworks;
    this.images = images;
    this.self = self;
    this.steps = steps;
  }

  /** Whether a service is to be made or changed, by what was read of it. */
  boolean differs(ObjectNode desired, JsonNode live) {
    return live == null || !fields(desired, live).isEmpty();
  }

  private List<String> fields(ObjectNode desired, JsonNode live) {
    JsonNode liveSpec = live.path("Spec");
    return SpecDiff.fields(liveSpec, SpecOverlay.apply(liveSpec, ready(desired, live)));
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
      if (live == null) {
        create(name, desired);
      } else if (UpdateOrder.held(desired) && !options.includeHeld()) {
        hold(name, desired, live);
      } else if (self.is(name) && steps.anyFailed()) {
        steps.add(
            "service", name, ApplyResult.FAILED, "left as it is, because not all others were made");
      } else {
        update(name, desired, live);
      }
    } catch (EngineException e) {
      steps.failed("service", name, e);
    }
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

  private void create(String name, ObjectNode desired) {
    ObjectNode spec = ready(desired, null);
    JsonNode answer = engine.createService(spec, auth(spec));
    String warning = answer.path("Warning").asText("");
    changed.put(name, false);
    steps.add("service", name, ApplyResult.CREATED, warning);
  }

  /** Says what would change, and changes nothing. */
  private void hold(String name, ObjectNode desired, JsonNode live) {
    List<String> fields = fields(desired, live);
    if (fields.isEmpty()) {
      steps.add("service", name, ApplyResult.UNCHANGED, "");
    } else {
      String detail =
          "%s would change; --include-held does it".formatted(String.join(", ", fields));
      steps.add("service", name, ApplyResult.HELD, detail);
    }
  }

  private void update(String name, ObjectNode desired, JsonNode read) {
    JsonNode[] live = {read};
    boolean updated =
        Conflicts.retry(
            ATTEMPTS,
            EngineException::isOutOfSequence,
            () -> {
              try {
                return updateOnce(desired, live[0]);
              } catch (EngineException e) {
                if (e.isOutOfSequence()) {
                  live[0] = engine.service(read.path("ID").asText());
                }
                throw e;
              }
            });
    if (!updated) {
      steps.add("service", name, ApplyResult.UNCHANGED, "");
    } else if (self.is(name)) {
      steps.add("service", name, ApplyResult.UPDATING, "");
    } else {
      steps.add("service", name, ApplyResult.UPDATED, "");
    }
  }

  private boolean updateOnce(ObjectNode desired, JsonNode live) {
    JsonNode liveSpec = live.path("Spec");
    ObjectNode spec = SpecOverlay.apply(liveSpec, ready(desired, live));
    ObjectNode form = SpecForm.of(spec);
    ObjectNode liveForm = SpecForm.of(liveSpec);
    if (form.equals(liveForm)) {
      return false;
    }
    String name = desired.path("Name").asText();
    long version = live.path("Version").path("Index").asLong();
    if (self.is(name)) {
      steps.beforeOwn(OwnUpdate.begun(name, version));
    }
    RegistryAuth auth = auth(spec);
    engine.updateService(
        live.path("ID").asText(), version, spec, auth, auth == null ? "spec" : null);
    changed.put(name, !form.path("TaskTemplate").equals(liveForm.path("TaskTemplate")));
    return true;
  }

  private ObjectNode ready(ObjectNode desired, JsonNode live) {
    ObjectNode spec = names.resolve(desired);
    if (live != null) {
      PredefinedNetworks.keep(spec, live.path("Spec"), swarmNetworks);
    }
    images.pin(spec, live);
    for (String key : ApiLevel.fit(spec, engine.apiVersion())) {
      steps.warn(
          "service %s: this Engine (API %s) does not know %s: ignored"
              .formatted(desired.path("Name").asText(), engine.apiVersion(), key));
    }
    return spec;
  }

  private RegistryAuth auth(ObjectNode spec) {
    return Credentials.of(
        spec.path("TaskTemplate").path("ContainerSpec").path("Image").asText(), options);
  }
}
