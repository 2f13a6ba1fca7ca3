package dev.skep.deployer.heal;

import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Revision;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps restorations from crowding out what people deployed: of those that repeat one revision, the
 * newest stays. Lists are newest first.
 */
public final class Heals {
  private Heals() {}

  /** Whether a revision restores another. */
  public static boolean is(Revision revision) {
    return is(revision.by(), revision.command()) && revision.rollbackOf() != 0;
  }

  /** The number of the revision that is restored where this one is: by a heal, what it restores. */
  public static long restored(Revision revision) {
    return is(revision) ? revision.rollbackOf() : revision.number();
  }

  /** Whether a deployment restores what was deployed before. */
  public static boolean is(Deployment deployment) {
    return is(deployment.by(), deployment.command());
  }

  /** A token may have this name, too. */
  private static boolean is(String by, String command) {
    return PastHeal.BY.equals(by) && command.startsWith(PastHeal.COMMAND);
  }

  /** Whether a deployment restores, or takes over, what was deployed already. */
  public static boolean repeats(Deployment deployment) {
    return is(deployment)
        || (deployment.by() != null && deployment.by().startsWith(PastHeal.DIRECT));
  }

  /**
   * The revisions that a newer restoration of the same stands for. A good one goes only if the one
   * that it repeats is kept, or if the newer one is good, too.
   */
  public static List<Revision> repeated(List<Revision> revisions) {
    return revisions.stream()
        .filter(Heals::is)
        .filter(old -> revisions.stream().anyMatch(r -> newer(r, old)))
        .filter(old -> !old.good() || revisions.stream().anyMatch(r -> goodInPlace(r, old)))
        .toList();
  }

  private static boolean newer(Revision revision, Revision old) {
    return is(revision)
        && revision.rollbackOf() == old.rollbackOf()
        && revision.number() > old.number();
  }

  private static boolean goodInPlace(Revision revision, Revision old) {
    return revision.good() && (newer(revision, old) || revision.number() == old.rollbackOf());
  }

  /** The ended restorations that were directly followed by another one. */
  public static List<Deployment> repeatedDeployments(List<Deployment> deployments) {
    List<Deployment> repeated = new ArrayList<>();
    for (int i = 1; i < deployments.size(); i++) {
      Deployment one = deployments.get(i);
      boolean ended = one.phase() != Deployment.Phase.RUNNING;
      if (ended && is(one) && is(deployments.get(i - 1))) {
        repeated.add(one);
      }
    }
    return repeated;
  }
}
