package dev.skep.model.stack;

import dev.skep.model.Sealed;

/**
 * What a revision consists of. Apart from the {@link Revision}, which changes while this stays and
 * which is small: a list of revisions can be held without their bodies.
 *
 * @param body the Engine objects and options as compressed JSON, sealed to the deployer
 */
public record RevisionBody(String stack, long number, Sealed body) implements RevisionEntry {
  @Override
  public String key() {
    return key(stack, number);
  }

  /** The key of the body of a revision. */
  public static String key(String stack, long number) {
    return Revision.key(stack, number) + "/body";
  }
}
