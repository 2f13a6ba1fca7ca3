package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;

/** Removes a stack's objects, waiting for what still uses them. */
final class StackRemover {
  /** With the backoff's bound of 2 s, this is about a minute. */
  private static final int ATTEMPTS = 35;

  private final EngineClient engine;
  private final Steps steps;

  StackRemover(EngineClient engine, Steps steps) {
    this.engine = engine;
    this.steps = steps;
  }

  void remove(LiveStack live) {
    live.services().forEach(this::service);
    live.configs().forEach(c -> remove("config", specName(c), () -> engine.removeConfig(id(c))));
    live.secrets().forEach(s -> remove("secret", specName(s), () -> engine.removeSecret(id(s))));
    // Their tasks take a grace period to end, and hold the network until then.
    live.networks()
        .forEach(
            n ->
                remove(
                    "network",
                    n.path("Name").asText(),
                    () -> engine.removeNetwork(n.path("Id").asText())));
  }

  void service(JsonNode service) {
    remove("service", specName(service), () -> engine.removeService(id(service)));
  }

  private void remove(String kind, String name, Runnable call) {
    try {
      Conflicts.retry(
          ATTEMPTS,
          StackRemover::isInUse,
          () -> {
            call.run();
            return null;
          });
      steps.add(kind, name, ApplyResult.REMOVED, "");
    } catch (EngineException e) {
      if (e.isNotFound()) {
        steps.add(kind, name, ApplyResult.REMOVED, "it was gone already");
      } else {
        steps.failed(kind, name, e);
      }
    }
  }

  /** The Engine has no one status for it: 409, 400 and 403 have been seen, with these words. */
  private static boolean isInUse(EngineException e) {
    return e.isConflict()
        || e.reason().contains("in use")
        || e.reason().contains("active endpoints");
  }

  private static String id(JsonNode object) {
    return object.path("ID").asText();
  }

  private static String specName(JsonNode object) {
    return object.path("Spec").path("Name").asText();
  }
}
