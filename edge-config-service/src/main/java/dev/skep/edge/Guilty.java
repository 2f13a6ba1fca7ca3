package dev.skep.edge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Finds what makes a whole fail, by leaving out halves. */
public final class Guilty {
  private Guilty() {}

  /**
   * Those suspects that must be left out.
   *
   * @param passes whether the whole is good with only these suspects in it; asked about {@code 2 g
   *     log2(n)} times for g guilty ones of n
   * @return empty if it is bad even without any suspect: the fault lies elsewhere
   */
  public static <K> Optional<Set<K>> find(Collection<K> suspects, Predicate<Set<K>> passes) {
    Set<K> good = new LinkedHashSet<>();
    if (!passes.test(good)) {
      return Optional.empty();
    }
    Set<K> guilty = new LinkedHashSet<>();
    search(new ArrayList<>(suspects), good, guilty, passes);
    return Optional.of(guilty);
  }

  private static <K> void search(
      List<K> suspects, Set<K> good, Set<K> guilty, Predicate<Set<K>> passes) {
    if (suspects.isEmpty()) {
      return;
    }
    Set<K> with = new LinkedHashSet<>(good);
    with.addAll(suspects);
    if (passes.test(with)) {
      good.addAll(suspects);
      return;
    }
    if (suspects.size() == 1) {
      guilty.add(suspects.getFirst());
      return;
    }
    int half = suspects.size() / 2;
    search(suspects.subList(0, half), good, guilty, passes);
    search(suspects.subList(half, suspects.size()), good, guilty, passes);
  }
}
