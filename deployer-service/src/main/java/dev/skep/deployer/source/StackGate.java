package dev.skep.deployer.source;

import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Deployment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What sources need of the deployer: what is desired, and the way of its commands. */
public interface StackGate {
  /** Whether it is known what is desired, and commands are taken. */
  boolean ready();

  /** The names of all stacks that are desired, or being removed. */
  Set<String> stacks();

  /** A stack's deployments, newest first. */
  List<Deployment> deployments(String stack);

  /** What is desired of a stack; empty if there is no such stack, or it is to be removed. */
  Optional<StackBody> desired(String stack);

  /** The names of all stacks that have services on the Engine, whoever deployed them. */
  Set<String> stacksOnEngine();

  /** Whether the Engine has services of this stack, whoever deployed them. */
  boolean onEngine(String stack);

  /** Why a command was refused; empty if it was not. */
  Optional<String> rejected(String command);

  /**
   * Asks for a deployment; returns once the broker has the command.
   *
   * @param by who asks
   * @param origin where the stack comes from, {@code URL@COMMIT}
   */
  void deploy(String command, StackBody body, String by, String origin);

  /** Asks for a stack to be removed. */
  void remove(String command, String stack, String by, String origin);
}
