package dev.skep.deployer.revision;

import dev.skep.deployer.heal.Heals;
import dev.skep.model.stack.Revision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Questions about a stack's revisions. Lists are newest first. */
public final class Revisions {
  /** How many are kept where nobody says. */
  public static final int KEPT = 10;

  private static final Comparator<Revision> NEWEST_FIRST =
      Comparator.comparingLong(Revision::number).reversed();

  private Revisions() {}

  /** One stack's, newest first. */
  public static List<Revision> of(String stack, Collection<Revision> all) {
    return all.stream().filter(r -> r.stack().equals(stack)).sorted(NEWEST_FIRST).toList();
  }

  /** The newest number; 0 for none. */
  public static long newest(List<Revision> revisions) {
    return revisions.isEmpty() ? 0 : revisions.getFirst().number();
  }

  /** The one of this number. */
  public static Optional<Revision> find(List<Revision> revisions, long number) {
    return revisions.stream().filter(r -> r.number() == number).findFirst();
  }

  /** The newest that was applied and is no removal. */
  public static Optional<Revision> lastGood(List<Revision> revisions) {
    return revisions.stream().filter(Revision::good).findFirst();
  }

  /** The newest good one that is older. */
  public static Optional<Revision> lastGoodBefore(List<Revision> revisions, long number) {
    return revisions.stream().filter(r -> r.number() < number && r.good()).findFirst();
  }

  /**
   * What a rollback goes back to if nobody says: the last good one before the current. Where the
   * current one is a rollback itself, the last good one before that which it repeats: each further
   * rollback goes one further back, never forth again.
   */
  public static Optional<Revision> rollbackTarget(List<Revision> revisions) {
    return revisions.isEmpty()
        ? Optional.empty()
        : lastGoodBefore(revisions, origin(revisions, revisions.getFirst()));
  }

  private static long origin(List<Revision> revisions, Revision of) {
    Revision origin = of;
    while (origin.rollbackOf() != 0 && origin.rollbackOf() < origin.number()) {
      long number = origin.rollbackOf();
      Optional<Revision> repeated = find(revisions, number);
      if (repeated.isEmpty()) {
        return number;
      }
      origin = repeated.get();
    }
    return origin.number();
  }

  /**
   * Those that are not kept: all but the newest, and the last good one, however old. Of
   * restorations of the same, the newest counts alone.
   *
   * @param keep at least 1
   */
  public static List<Revision> outdated(List<Revision> revisions, int keep) {
    List<Revision> outdated = new ArrayList<>(Heals.repeated(revisions));
    List<Revision> others = revisions.stream().filter(r -> !outdated.contains(r)).toList();
    Optional<Revision> good = lastGood(others);
    others.stream()
        .skip(keep)
        .filter(r -> good.isEmpty() || good.get().number() != r.number())
        .forEach(outdated::add);
    return List.copyOf(outdated);
  }

  /**
   * The services that came after a revision: going back to it removes them, and no others.
   *
   * @return names without the namespace
   */
  public static Set<String> leaving(List<Revision> revisions, Revision target) {
    Set<String> leaving = new TreeSet<>();
    revisions.stream()
        .filter(r -> r.number() > target.number())
        .forEach(r -> leaving.addAll(r.services()));
    target.services().forEach(leaving::remove);
    return leaving;
  }

  /** The cluster's objects that kept revisions need, as {@code "secret NAME"}. */
  public static Set<String> objectsInUse(Collection<Revision> kept) {
    Set<String> used = new TreeSet<>();
    kept.forEach(r -> r.files().forEach(f -> used.add(f.kind() + " " + f.object())));
    return used;
  }
}
