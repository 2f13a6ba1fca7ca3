package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is to be done for one service. A spec is the one to send. */
public sealed interface ServicePlan {
  /** It is not there. */
  record Create(ObjectNode spec) implements ServicePlan {}

  /** It is there as desired. */
  record Keep(JsonNode live) implements ServicePlan {}

  /**
   * It is there, and differs.
   *
   * @param restarts whether Swarm replaces its tasks for it
   */
  record Update(JsonNode live, ObjectNode spec, boolean restarts) implements ServicePlan {}

  /** It differs, but is updated only when it is asked for. */
  record Hold(JsonNode live, ObjectNode spec) implements ServicePlan {}
}
