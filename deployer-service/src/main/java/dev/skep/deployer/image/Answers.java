package dev.skep.deployer.image;

import dev.skep.deployer.image.policy.Told;
import dev.skep.deployer.image.policy.Watched;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * What registries told last, by image and by who asked: one who may not read it must not learn of
 * it by another's credentials. Thread-safe.
 */
final class Answers {
  private record Key(Watched watched, String auth) {}

  private final Map<Key, Told> known = new ConcurrentHashMap<>();

  Told get(Watched watched, String auth) {
    return known.getOrDefault(new Key(watched, auth), Told.NOTHING);
  }

  void change(Watched watched, String auth, UnaryOperator<Told> change) {
    known.compute(
        new Key(watched, auth), (k, old) -> change.apply(old == null ? Told.NOTHING : old));
  }

  /** Forgets what others than these asked for. */
  void keepOnly(Watched watched, Set<String> auths) {
    known.keySet().removeIf(k -> k.watched().equals(watched) && !auths.contains(k.auth()));
  }
}
