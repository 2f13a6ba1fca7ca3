package dev.skep.deployer.image;

import dev.skep.deployer.image.policy.RolledBody.NewImage;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Revision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What following images needs of the deployer: what is desired, and the way of its commands. */
public interface ImageGate {
  /** Whether it is known what is desired, and commands are taken. */
  boolean ready();

  /** The names of all stacks that are desired. */
  Set<String> stacks();

  /** The revision of a stack that is desired; empty if there is none, or it is to be removed. */
  OptionalLong revision(String stack);

  /** What a desired revision consists of; empty if another is desired by now. */
  Optional<StackBody> body(String stack, long revision);

  /** Whether the deployment of a desired revision has ended, well or not. */
  boolean ended(String stack, long revision);

  /** A stack's kept revisions, newest first. */
  List<Revision> revisions(String stack);

  /**
   * The images that a stack's services have on the Engine, by their full names.
   *
   * @throws dev.skep.engine.EngineException if the Engine does not tell
   */
  Map<String, String> running(String stack);

  /**
   * Why a command was refused; empty if it was not.
   *
   * @param command its id
   */
  Optional<String> rejected(String command);

  /**
   * Asks for other images; returns once the broker has the command.
   *
   * @param revision on which it builds: if another is desired by then, it is refused
   * @param images service, by its full name, to its new image
   */
  void roll(String command, String stack, long revision, Map<String, NewImage> images);
}
