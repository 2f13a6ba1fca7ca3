package dev.skep.runtime.kafka;

import dev.skep.model.topic.TopicSpec;
import java.util.Collection;
import java.util.Map;

/** Makes topics and tells their ids. Blocking, and thread-safe. */
public final class TopicAdmin {
  private TopicAdmin() {}

  /**
   * Makes the topics that are not there, and corrects the settings of those that are. Making them
   * again changes nothing. Waits until the broker knows them, at most 30 s.
   *
   * @throws PublishException if the broker cannot be reached or refuses
   */
  public static void ensure(KafkaConfig kafka, Collection<TopicSpec> topics) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * The ids that the broker gave to topics when they were made: never used again, so that they are
   * the store's identity.
   *
   * @return by topic name; a topic that does not exist is left out
   * @throws PublishException if the broker cannot be reached
   */
  public static Map<String, String> topicIds(KafkaConfig kafka, Collection<String> topics) {
    throw new UnsupportedOperationException("not yet");
  }
}
