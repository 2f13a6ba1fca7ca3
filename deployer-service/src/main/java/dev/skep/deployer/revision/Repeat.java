package dev.skep.deployer.revision;

import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.ResolveImage;
import dev.skep.deployer.heal.Heals;
import dev.skep.deployer.state.Origin;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Revision;
import java.util.Set;

/** Makes of what is desired, or of what others have deployed, the body of a new revision. */
public final class Repeat {
  private Repeat() {}

  /**
   * The body that restores a revision: its objects with the images that ran. Its options stay, for
   * they count again for what is deployed after it.
   *
   * @param revision the current one
   * @param body what is desired
   */
  public static StackBody of(Revision revision, StackBody body) {
    return new StackBody(
        body.stack(),
        RanImages.pin(body.objects(), revision.images()),
        body.options(),
        new Origin(revision.source(), Heals.restored(revision), Set.of()));
  }

  /**
   * The body that takes over what was deployed without the deployer and is there: the same images,
   * and the same objects for its secrets, whose content is not known.
   */
  public static StackBody over(Revision deployed, StackBody body) {
    return new StackBody(
        body.stack(),
        UsedFiles.resolve(RanImages.pin(body.objects(), deployed.images()), deployed.files()),
        body.options(),
        Origin.of(deployed.source()));
  }

  /**
   * How either is sent: nothing but what differs is touched, and nothing is waited for. Whether
   * services run well is not what is restored.
   */
  public static ApplyOptions sent(ApplyOptions options) {
    return options.pruning(false).includingHeld(false).with(ResolveImage.NEVER).detached();
  }
}
