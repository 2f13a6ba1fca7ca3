package dev.skep.deployer.revision;

import dev.skep.deployer.state.Origin;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Stack;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Revisions that begin. */
public final class NewRevisions {
  /** The option of a removal after which no revision is kept. */
  public static final String FORGET = "forget";

  private NewRevisions() {}

  /**
   * Of a deployment through the deployer.
   *
   * @param body null for a removal, or if it is not known
   */
  public static Revision begun(Deployment deployment, Stack stack, StackBody body) {
    return begun(
        stack.name(),
        stack.revision(),
        deployment.command(),
        deployment.by(),
        deployment.startedAt(),
        body,
        stack.removed(),
        stack.services());
  }

  /** Of any deployment; otherwise as the other. */
  public static Revision begun(
      String stack,
      long number,
      String command,
      String by,
      Instant at,
      StackBody body,
      boolean removal,
      List<String> services) {
    Origin origin = body == null ? Origin.UNKNOWN : body.origin();
    return new Revision(
        stack,
        number,
        command,
        by,
        at,
        origin.source(),
        removal,
        origin.rollbackOf(),
        body == null ? Map.of() : body.options().told(),
        removal ? List.of() : services,
        Phase.RUNNING,
        "",
        null,
        null,
        List.of(),
        List.of());
  }
}
