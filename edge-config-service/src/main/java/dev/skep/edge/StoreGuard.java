package dev.skep.edge;

import dev.skep.model.edge.StorePosition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides whether a store is the one that an edge knows. An emptied or replaced store has other
 * topic ids; the topics of one that was set back end before what was applied. Neither may wipe an
 * edge; but where the broker was not asked to force each record to disk, a power cut of its own
 * sets a topic back, and its writer makes good what is missing.
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
   * @param flushed whether the broker forces each of its records to disk before it confirms it
   */
  public record Extent(String topicId, long end, boolean flushed) {}

  /**
   * Why a store must not be applied.
   *
   * @param why for people, with what to do
   * @param behind the topic of which the last records are missing, and whose writer is expected to
   *     write them anew; null for what does not pass by itself
   */
  public record Objection(String why, String behind) {
    /** Whether it may pass by itself. */
    public boolean passing() {
      return behind != null;
    }
  }

  /**
   * Why {@code found} must not be applied; empty if it may be.
   *
   * @param known the last records applied; null: the first start, which takes what it finds
   * @param found by topic name; a topic that is not in it is not judged
   * @return of several, one that does not pass by itself, if there is one
   */
  public static Optional<Objection> objection(StorePosition known, Map<String, Extent> found) {
    if (known == null) {
      return Optional.empty();
    }
    Objection passing = null;
    for (Map.Entry<String, StorePosition.Position> e : new TreeMap<>(known.topics()).entrySet()) {
      Extent now = found.get(e.getKey());
      if (now == null) {
        continue;
      }
      Optional<Objection> its = objection(e.getKey(), e.getValue(), now);
      if (its.isPresent() && !its.get().passing()) {
        return its;
      }
      passing = its.orElse(passing);
    }
    return Optional.ofNullable(passing);
  }

  private static Optional<Objection> objection(
      String topic, StorePosition.Position before, Extent now) {
    if (!before.topicId().equals(now.topicId())) {
      return Optional.of(
          new Objection(
              "topic %s has the id %s, this edge knows %s: the store was emptied or replaced; if that is meant, run 'skep adopt'"
                  .formatted(topic, now.topicId(), before.topicId()),
              null));
    }
    if (now.end() > before.offset()) {
      return Optional.empty();
    }
    String found =
        "topic %s ends before offset %d, this edge has applied %d: "
            .formatted(topic, now.end(), before.offset());
    return Optional.of(
        now.flushed()
            ? new Objection(
                found + "the store was set back; if that is meant, run 'skep adopt'", null)
            : new Objection(
                found
                    + "the broker lost its last records; waiting for their writer to make them good."
                    + " To take the store as it is, run 'skep adopt'",
                topic));
  }

  /**
   * What to know once the objections that pass are over: topics that were behind are known as far
   * as they go, all others as before.
   */
  public static StorePosition lowered(StorePosition known, Map<String, Extent> found) {
    Map<String, StorePosition.Position> topics = new HashMap<>(known.topics());
    topics.replaceAll(
        (name, before) -> {
          Extent now = found.get(name);
          return now != null && objection(name, before, now).filter(Objection::passing).isPresent()
              ? new StorePosition.Position(before.topicId(), now.end() - 1)
              : before;
        });
    return new StorePosition(topics);
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
