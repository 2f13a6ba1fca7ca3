package dev.skep.deployer.image;

import dev.skep.deployer.image.policy.Followed;
import dev.skep.deployer.image.policy.FollowedServices;
import dev.skep.deployer.image.policy.Watched;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Which services follow which images, both ways. Thread-safe. */
final class FollowIndex {
  private record Entry(long revision, FollowedServices followed) {}

  private final Map<String, Entry> stacks = new HashMap<>();
  private final Map<Watched, Set<String>> users = new HashMap<>();

  /** The revision of a stack that was indexed. */
  synchronized OptionalLong revision(String stack) {
    Entry entry = stacks.get(stack);
    return entry == null ? OptionalLong.empty() : OptionalLong.of(entry.revision());
  }

  synchronized FollowedServices of(String stack) {
    Entry entry = stacks.get(stack);
    return entry == null ? FollowedServices.NONE : entry.followed();
  }

  /** The services of all stacks that follow one image. */
  synchronized List<Followed> users(Watched watched) {
    List<Followed> result = new ArrayList<>();
    for (String stack : users.getOrDefault(watched, Set.of())) {
      stacks.get(stack).followed().services().stream()
          .filter(f -> f.watched().equals(watched))
          .forEach(result::add);
    }
    return result;
  }

  /** Whether a repository of this name is followed in another registry. */
  synchronized boolean elsewhere(Watched watched) {
    return users.keySet().stream()
        .anyMatch(w -> w.path().equals(watched.path()) && !w.registry().equals(watched.registry()));
  }

  /**
   * A stack's revision with what it follows.
   *
   * @return what services newly follow, or follow otherwise than in the revision before
   */
  synchronized Set<Watched> put(String stack, long revision, FollowedServices followed) {
    Collection<Followed> before = of(stack).services();
    remove(stack);
    stacks.put(stack, new Entry(revision, followed));
    Set<Watched> fresh = new LinkedHashSet<>();
    for (Followed one : followed.services()) {
      users.computeIfAbsent(one.watched(), w -> new TreeSet<>()).add(stack);
      if (before.stream().noneMatch(one::alike)) {
        fresh.add(one.watched());
      }
    }
    return fresh;
  }

  synchronized void remove(String stack) {
    Entry old = stacks.remove(stack);
    if (old != null) {
      for (Followed one : old.followed().services()) {
        users.computeIfPresent(
            one.watched(),
            (w, names) -> {
              names.remove(stack);
              return names.isEmpty() ? null : names;
            });
      }
    }
  }

  synchronized Set<String> stacks() {
    return new TreeSet<>(stacks.keySet());
  }
}
