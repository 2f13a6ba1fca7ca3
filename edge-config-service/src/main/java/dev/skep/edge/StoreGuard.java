package dev.skep.edge;

import dev.skep.model.edge.StorePosition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides whether a store is the one that an edge knows. An emptied or replaced store has other
 * topic ids; the topics of one that was set back end before what was applied. Neither may wipe an
 * edge.
 *
 * <p>What is compared is where a topic ends, not its last record: compaction may take the last
 * record away, if it is a tombstone, but never the offset that it had.
 */
public final class StoreGuard {
  private StoreGuard() {}

  /**
   * How far a topic goes.
   *
   * @param topicId the broker's id of the topic
   * @param end the offset after the last one that was given, whether or not its record survives
   */
  public record Extent(String topicId, long end) {}

  /**
   * Why {@code found} must not be applied; empty if it may be.
   *
   * @param known the last records applied; null: the first start, which takes what it finds
   * @param found by topic name; a topic that is not in it is not judged
   */
  public static Optional<String> objection(StorePosition known, Map<String, Extent> found) {
    if (known == null) {
      return Optional.empty();
    }
    for (Map.Entry<String, StorePosition.Position> e : new TreeMap<>(known.topics()).entrySet()) {
      Extent now = found.get(e.getKey());
      if (now == null) {
        continue;
      }
      StorePosition.Position before = e.getValue();
      if (!before.topicId().equals(now.topicId())) {
        return Optional.of(
            "topic %s has the id %s, this edge knows %s: the store was emptied or replaced; if that is meant, run 'skep adopt'"
                .formatted(e.getKey(), now.topicId(), before.topicId()));
      }
      if (now.end() <= before.offset()) {
        return Optional.of(
            "topic %s ends before offset %d, this edge has applied %d: the store was set back; if that is meant, run 'skep adopt'"
                .formatted(e.getKey(), now.end(), before.offset()));
      }
    }
    return Optional.empty();
  }

  /**
   * What to know after {@code applied} was applied: never less than before of the same topic,
   * though the last record that a restarted edge finds may be an earlier one.
   *
   * @param known null: nothing yet
   */
  public static StorePosition further(StorePosition known, StorePosition applied) {
    if (known == null) {
      return applied;
    }
    Map<String, StorePosition.Position> topics = new HashMap<>(applied.topics());
    topics.replaceAll(
        (name, now) -> {
          StorePosition.Position before = known.topics().get(name);
          return before != null
                  && before.topicId().equals(now.topicId())
                  && before.offset() > now.offset()
              ? before
              : now;
        });
    return new StorePosition(topics);
  }
}
