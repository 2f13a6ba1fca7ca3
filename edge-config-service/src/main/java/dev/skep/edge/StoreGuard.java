package dev.skep.edge;

import dev.skep.model.edge.StorePosition;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides whether a store is the one that an edge knows. An emptied or replaced store has other
 * topic ids; one that was set back has lower offsets. Neither may wipe an edge.
 */
public final class StoreGuard {
  private StoreGuard() {}

  /**
   * Why {@code found} must not be applied; empty if it may be.
   *
   * @param known null: the first start, which takes what it finds
   */
  public static Optional<String> objection(StorePosition known, StorePosition found) {
    if (known == null) {
      return Optional.empty();
    }
    for (Map.Entry<String, StorePosition.Position> e : new TreeMap<>(known.topics()).entrySet()) {
      StorePosition.Position now = found.topics().get(e.getKey());
      if (now == null) {
        continue;
      }
      StorePosition.Position before = e.getValue();
      if (!before.topicId().equals(now.topicId())) {
        return Optional.of(
            "topic %s has the id %s, this edge knows %s: the store was emptied or replaced; if that is meant, run 'skep adopt'"
                .formatted(e.getKey(), now.topicId(), before.topicId()));
      }
      if (now.offset() < before.offset()) {
        return Optional.of(
            "topic %s ends at offset %d, this edge has applied %d: the store was set back; if that is meant, run 'skep adopt'"
                .formatted(e.getKey(), now.offset(), before.offset()));
      }
    }
    return Optional.empty();
  }
}
