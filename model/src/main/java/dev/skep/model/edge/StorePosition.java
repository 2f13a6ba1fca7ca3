package dev.skep.model.edge;

import java.util.Map;

/**
 * How far a reader has applied which store. The store's id is derived, not written: each topic's id
 * is made by the broker when the topic is created and never used again, so a store that was emptied
 * or replaced cannot carry the old one's id.
 *
 * @param topics by topic name
 */
public record StorePosition(Map<String, Position> topics) {
  /**
   * A place in one topic.
   *
   * @param topicId the broker's id of the topic
   * @param offset of the last record applied; -1 for none
   */
  public record Position(String topicId, long offset) {}

  public StorePosition {
    topics = topics == null ? Map.of() : Map.copyOf(topics);
  }
}
