package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is to be done for one secret or config. */
public sealed interface FilePlan {
  /** It is there as desired. */
  record Keep(JsonNode live) implements FilePlan {}

  /** Its labels are to be changed, which is all that the Engine allows. */
  record Relabel(JsonNode live, ObjectNode body) implements FilePlan {}

  /** It is not there, or only with another content: a new object is made. */
  record Create(ObjectNode body, boolean rotated) implements FilePlan {}

  /**
   * A secret of which nobody can say what is in it: the Engine accepts an update with the same
   * content only, so that trying tells.
   *
   * @param body with the content and its label
   * @param otherwise what to do if it is refused
   */
  record Probe(JsonNode live, ObjectNode body, Create otherwise) implements FilePlan {}
}
