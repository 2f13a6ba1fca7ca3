package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** Removes a stack's objects, waiting for what still uses them. */
final class StackRemover {
  /** With the backoff's bound of 2 s, this is about a minute. */
  private static final int ATTEMPTS = 35;

  /**
   * Longer than the grace period of any usual service; who comes later gets an error and retries.
   */
  private static final Duration UNLISTED_WITHIN = Duration.ofSeconds(30);

  private static final Duration UNLISTED_TICK = Duration.ofMillis(200);

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
    Set<String> networks = new HashSet<>();
    live.networks().forEach(n -> networks.add(n.path("Id").asText()));
    awaitUnlisted(networks);
  }

  /**
   * A manager goes on listing a removed network until its own last container has left it, for some
   * seconds. Whoever deploys the stack again would take it for one that is there.
   */
  private void awaitUnlisted(Set<String> networks) {
    Instant end = Instant.now().plus(UNLISTED_WITHIN);
    while (Instant.now().isBefore(end)) {
      Set<String> listed = new HashSet<>();
      engine.networks(Filters.of("scope", "swarm")).forEach(n -> listed.add(n.path("Id").asText()));
      if (networks.stream().noneMatch(listed::contains)) {
        return;
      }
      Conflicts.pause(UNLISTED_TICK);
    }
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
