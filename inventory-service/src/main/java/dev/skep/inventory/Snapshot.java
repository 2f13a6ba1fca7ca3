package dev.skep.inventory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;

/** The cluster in the Engine's own words. */
public final class Snapshot {
  private Snapshot() {}

  /**
   * Reads {@code {"nodes":[],"services":[],"tasks":[],"networks":[]}}, the arrays as the Engine
   * gives them: of networks those of the Swarm only. They hold environments as they are: treat a
   * snapshot as a secret.
   *
   * @throws dev.skep.engine.EngineException if the Engine does not answer, or is no manager
   */
  public static ObjectNode take(EngineClient engine) {
    ObjectNode snapshot = JsonNodeFactory.instance.objectNode();
    snapshot.set("nodes", engine.nodes());
    snapshot.set("services", engine.services(true));
    snapshot.set("tasks", engine.tasks(Filters.none()));
    snapshot.set("networks", engine.networks(Filters.of("scope", "swarm")));
    return snapshot;
  }
}
