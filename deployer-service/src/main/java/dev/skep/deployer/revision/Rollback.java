package dev.skep.deployer.revision;

import dev.skep.deployer.state.Origin;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Revision;
import java.util.List;

/** Makes of an old revision the body of a new one. */
public final class Rollback {
  private Rollback() {}

  /**
   * The body that goes back to a revision: its objects, with the images that ran then, and the
   * services that came after it to be removed. It is not taken back itself if it fails.
   *
   * @param revisions the stack's, newest first
   * @param kept the revision's body
   */
  public static StackBody to(Revision target, List<Revision> revisions, StackBody kept) {
    return new StackBody(
        kept.stack(),
        UsedFiles.resolve(RanImages.pin(kept.objects(), target.images()), target.files()),
        kept.options().rollingBackOnFailure(false).pruning(false),
        new Origin(target.source(), target.number(), Revisions.leaving(revisions, target)));
  }

  /** Where to go back to, or why not, for people. */
  public static Revision target(String stack, List<Revision> revisions, long wanted) {
    if (revisions.isEmpty()) {
      throw new IllegalArgumentException("no revision of stack " + stack + " is kept");
    }
    if (wanted == 0) {
      return Revisions.rollbackTarget(revisions)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "stack %s has no good revision before the current one; kept are %s"
                          .formatted(stack, numbers(revisions))));
    }
    Revision target =
        Revisions.find(revisions, wanted)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "revision %d of stack %s is not kept; kept are %s"
                            .formatted(wanted, stack, numbers(revisions))));
    if (target.removal()) {
      throw new IllegalArgumentException(
          "revision %d removed the stack: use skep stack rm %s".formatted(wanted, stack));
    }
    return target;
  }

  private static String numbers(List<Revision> revisions) {
    return String.join(
        ", ", revisions.reversed().stream().map(r -> Long.toString(r.number())).toList());
  }
}
