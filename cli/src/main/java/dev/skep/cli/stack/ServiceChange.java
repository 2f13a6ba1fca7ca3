package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.Conflicts;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import java.util.function.Predicate;

/** Changes one field of a live service and keeps all others, whoever else changes it meanwhile. */
final class ServiceChange {
  /** Others may get in the way a few times; more often is something else. */
  private static final int ATTEMPTS = 8;

  private final EngineClient engine;

  ServiceChange(EngineClient engine) {
    this.engine = engine;
  }

  /**
   * Reads the service, edits its spec and writes it back, again if it was changed in between.
   *
   * @param edit changes the spec; false if there is nothing to change. May be called several times
   * @return the service as it was before the change
   */
  JsonNode apply(String id, Predicate<ObjectNode> edit) {
    return Conflicts.retry(
        ATTEMPTS,
        EngineException::isOutOfSequence,
        () -> {
          JsonNode live = engine.service(id);
          ObjectNode spec = live.path("Spec").deepCopy();
          if (edit.test(spec)) {
            long version = live.path("Version").path("Index").asLong();
            engine.updateService(id, version, spec, null, "spec");
          }
          return live;
        });
  }
}
