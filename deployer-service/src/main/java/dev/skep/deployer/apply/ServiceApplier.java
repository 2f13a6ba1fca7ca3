package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.plan.ApiLevel;
import dev.skep.deployer.plan.Names;
import dev.skep.deployer.plan.SpecForm;
import dev.skep.deployer.plan.SpecOverlay;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.RegistryAuth;
import java.util.Optional;
import java.util.Set;

/** Creates or updates one service, and leaves alone what is as desired. */
final class ServiceApplier {
  /** Two deployers may take turns in getting in each other's way; more often is something else. */
  private static final int ATTEMPTS = 8;

  private final EngineClient engine;
  private final ApplyOptions options;
  private final Names names;
  private final ImageResolver images;
  private final Steps steps;

  ServiceApplier(
      EngineClient engine, ApplyOptions options, Names names, ImageResolver images, Steps steps) {
    this.engine = engine;
    this.options = options;
    this.names = names;
    this.images = images;
    this.steps = steps;
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
    steps.add("service", name, ApplyResult.CREATED, warning);
  }

  private void update(String name, ObjectNode desired, JsonNode read) {
    JsonNode[] live = {read};
    boolean changed =
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
    steps.add("service", name, changed ? ApplyResult.UPDATED : ApplyResult.UNCHANGED, "");
  }

  private boolean updateOnce(ObjectNode desired, JsonNode live) {
    JsonNode liveSpec = live.path("Spec");
    ObjectNode spec = SpecOverlay.apply(liveSpec, ready(desired, live));
    if (SpecForm.of(spec).equals(SpecForm.of(liveSpec))) {
      return false;
    }
    long version = live.path("Version").path("Index").asLong();
    RegistryAuth auth = auth(spec);
    engine.updateService(
        live.path("ID").asText(), version, spec, auth, auth == null ? "spec" : null);
    return true;
  }

  private ObjectNode ready(ObjectNode desired, JsonNode live) {
    ObjectNode spec = names.resolve(desired);
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
