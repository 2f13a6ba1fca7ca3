package dev.skep.deployer;

import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Stack;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.util.Optional;

/** Opens what the desired state of stacks holds sealed. */
final class SealedBodies {
  private SealedBodies() {}

  /**
   * What is desired of a stack.
   *
   * @param stack one that has a body: it is not removed
   * @throws dev.skep.runtime.seal.SealException if it is sealed to a key that is not there
   * @throws IllegalArgumentException if it is no body
   */
  static StackBody open(Stack stack, PrivateKeyRing keys) {
    return StackBody.fromBytes(
        keys.open(stack.body(), StackBody.sealingContext(stack.name(), stack.revision())));
  }

  /** A stack that is desired and not removed. */
  static Optional<Stack> desired(TopicView<Stack> stacks, String name) {
    return stacks.get(name).filter(s -> !s.removed() && s.body() != null);
  }
}
