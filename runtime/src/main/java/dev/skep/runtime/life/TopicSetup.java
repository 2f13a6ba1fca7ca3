package dev.skep.runtime.life;

import dev.skep.model.topic.TopicSpec;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.TopicAdmin;
import java.time.Duration;
import java.util.Collection;
import java.util.SortedSet;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the topics are there before a service starts. */
final class TopicSetup {
  private static final Logger log = LoggerFactory.getLogger(TopicSetup.class);

  /** After a try that itself waited some 20 s for the broker. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final KafkaConfig kafka;
  private final boolean create;

  /**
   * For one start.
   *
   * @param create whether to make what is missing, and correct settings that drifted; false: only
   *     look
   */
  TopicSetup(KafkaConfig kafka, boolean create) {
    this.kafka = kafka;
    this.create = create;
  }

  /**
   * Returns when the topics are there. While no broker answers it waits, however long: services and
   * brokers are started in any order.
   *
   * @throws PublishException if the broker refuses, or topics are missing and are not to be made
   */
  void run(Collection<TopicSpec> topics) throws InterruptedException {
    while (true) {
      try {
        attempt(topics);
        return;
      } catch (PublishException e) {
        if (!unreachable(e)) {
          throw explained(e);
        }
        log.atWarn()
            .addKeyValue("bootstrap", kafka.bootstrapServers())
            .addKeyValue("reason", e.getMessage())
            .log("No broker answers; waiting for one");
      }
      Thread.sleep(PAUSE);
    }
  }

  private void attempt(Collection<TopicSpec> topics) {
    if (create) {
      TopicAdmin.ensure(kafka, topics);
      return;
    }
    SortedSet<String> missing = TopicAdmin.missing(kafka, topics);
    if (!missing.isEmpty()) {
      throw new PublishException(
          "the broker has no topic "
              + String.join(", ", missing)
              + ": make them, or set "
              + KafkaConfig.CREATE_TOPICS
              + "=true",
          null);
    }
  }

  private static boolean unreachable(PublishException e) {
    return e.getCause() instanceof TimeoutException
        || e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException;
  }

  private static PublishException explained(PublishException e) {
    if (!(e.getCause() instanceof AuthorizationException)) {
      return e;
    }
    return new PublishException(
        e.getMessage()
            + " Allow this principal to make topics, or have them made and set "
            + KafkaConfig.CREATE_TOPICS
            + "=false",
        e.getCause());
  }
}
