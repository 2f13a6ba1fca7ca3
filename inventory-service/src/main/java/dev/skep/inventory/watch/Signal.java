package dev.skep.inventory.watch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.engine.EngineException;
import dev.skep.inventory.mapping.ClusterState;
import dev.skep.model.cluster.Observation;
import java.time.Instant;

/** What the loop is told by the threads that talk to the Engine and to the broker. */
sealed interface Signal {
  /** Events flow from now on. */
  record Opened() implements Signal {}

  /** No more events. */
  record Ended(EngineException cause) implements Signal {}

  record EngineEvent(JsonNode json) implements Signal {}

  /** A node agent's observation; {@code id} is its event's. */
  record Observed(Observation observation, String id) implements Signal {}

  record Synced(ClusterState state, long read) implements Signal {}

  record SyncFailed(EngineException cause) implements Signal {}

  /**
   * A round of readings that began at {@code read} by the ledger's count, {@code began} by time.
   */
  record Round(Wanted wanted, EngineReader.Found found, long read, Instant began)
      implements Signal {}

  record RoundFailed(Wanted wanted, EngineException cause, Instant began) implements Signal {}
}
