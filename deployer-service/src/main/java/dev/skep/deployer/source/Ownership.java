package dev.skep.deployer.source;

import dev.skep.deployer.source.declare.Source;
import dev.skep.model.stack.Deployment;
import java.util.List;
import java.util.Optional;

/** Decides whose a stack is. Pure. */
final class Ownership {
  private Ownership() {}

  /**
   * Who a stack belongs to: the source that last deployed it, even if people have deployed it by
   * hand since; else who did.
   *
   * @param desired whether the deployer has it
   * @param deployments the stack's, newest first
   * @param onEngine whether the Engine has it
   * @return a {@code by}; empty if it is nobody's
   */
  static Optional<String> owner(boolean desired, List<Deployment> deployments, boolean onEngine) {
    if (!desired) {
      return onEngine ? Optional.of("docker") : Optional.empty();
    }
    return deployments.stream()
        .map(Deployment::by)
        .filter(by -> by != null && by.startsWith(Source.BY))
        .findFirst()
        .or(() -> deployments.stream().map(Deployment::by).findFirst())
        .or(() -> Optional.of("someone"));
  }

  /** Why a source may not have a stack; empty if it may. */
  static Optional<String> refusal(Source source, String stack, Optional<String> owner) {
    if (owner.isEmpty()
        || owner.get().equals(source.by())
        || source.policy().adopt().allow(stack)) {
      return Optional.empty();
    }
    return Optional.of(
        "the stack '%s' is there already, deployed by '%s'; rename this one, or let the source take"
                .formatted(stack, owner.get())
            + " it over by 'adopt: [%s]' in its policy".formatted(stack));
  }
}
