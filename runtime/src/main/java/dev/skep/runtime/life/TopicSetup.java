package dev.skep.runtime.life;

import dev.skep.model.topic.Principal;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.TopicAdmin;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the topics are there before a service starts. While no broker answers it waits,
 * however long: services and brokers are started in any order. Under {@link TopicsAtStart#WAIT} it
 * also waits for topics, for rights, and for certificates that are taken: each try reads the files
 * anew.
 */
final class TopicSetup {
  private static final Logger log = LoggerFactory.getLogger(TopicSetup.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LAST_PAUSE = Duration.ofSeconds(2);

  /** A refused certificate seldom becomes a good one: no reason to trouble the broker often. */
  private static final Duration REFUSED_PAUSE = Duration.ofSeconds(30);

  private static final Duration SAY_AGAIN = Duration.ofMinutes(1);

  private final KafkaConfig kafka;
  private final TopicsAtStart what;
  private final String service;
  private final Consumer<String> waiting;

  /** The message that was logged last, and when, by {@link System#nanoTime}. */
  private String said;

  private long saidAt;

  /** Whether the last try was refused by TLS. */
  private boolean refused;

  /**
   * For one start.
   *
   * @param service its name; if a principal has it, only that one's topics are waited for
   * @param waiting told the reason after each try that failed
   */
  TopicSetup(KafkaConfig kafka, TopicsAtStart what, String service, Consumer<String> waiting) {
    this.kafka = kafka;
    this.what = what;
    this.service = service;
    this.waiting = waiting;
  }

  /**
   * Returns when the topics are there.
   *
   * @throws PublishException if the broker refuses, or topics are missing and are neither to be
   *     made nor to be waited for
   */
  void run() throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (!done()) {
      if (refused) {
        Thread.sleep(REFUSED_PAUSE);
      } else {
        Thread.sleep(pause);
        pause = shorter(pause.multipliedBy(2), LAST_PAUSE);
      }
    }
  }

  private boolean done() {
    refused = false;
    try {
      switch (what) {
        case MAKE -> TopicAdmin.ensure(kafka, Topics.all());
        case LOOK -> look();
        case WAIT -> {
          return allThere();
        }
      }
      return true;
    } catch (PublishException e) {
      if (unreachable(e)) {
        wait("No broker answers; waiting for one", e.getMessage());
        return false;
      }
      if (what == TopicsAtStart.WAIT && e.getCause() instanceof AuthenticationException) {
        refused = true;
        wait("No connection to the broker that both sides trust; waiting for one", e.getMessage());
        return false;
      }
      throw explained(e);
    }
  }

  private void look() {
    Collection<String> missing = TopicAdmin.missing(kafka, Topics.all());
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

  private boolean allThere() {
    Collection<TopicSpec> used =
        Principal.named(service).map(Topics::usedBy).orElseGet(Topics::all);
    TopicAdmin.Absence absence = TopicAdmin.look(kafka, used);
    if (!absence.missing().isEmpty()) {
      wait(
          "Topics are not there yet; waiting for skep kafka-init to make them",
          "missing: " + String.join(", ", absence.missing()));
      return false;
    }
    if (!absence.forbidden().isEmpty()) {
      wait(
          "The broker gives no right yet; waiting for skep kafka-init to give it",
          "no right on: " + String.join(", ", absence.forbidden()));
      return false;
    }
    return true;
  }

  /** Says why it waits: at once, and each minute. */
  private void wait(String message, String reason) {
    waiting.accept(reason);
    long now = System.nanoTime();
    if (message.equals(said) && now - saidAt < SAY_AGAIN.toNanos()) {
      return;
    }
    said = message;
    saidAt = now;
    log.atWarn()
        .addKeyValue("bootstrap", kafka.bootstrapServers())
        .addKeyValue("reason", reason)
        .log(message);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** Whether a later try may get another answer; what the client's own retries did not mend. */
  private static boolean unreachable(PublishException e) {
    return e.getCause() instanceof UnknownHostException
        || e.getCause() instanceof TimeoutException
        || e.getCause() instanceof RetriableException;
  }

  private static PublishException explained(PublishException e) {
    if (!(e.getCause() instanceof AuthorizationException)) {
      return e;
    }
    return new PublishException(
        e.getMessage()
            + " Allow this principal to make topics, or have them made by skep kafka-init and set "
            + KafkaConfig.CREATE_TOPICS
            + "=wait",
        e.getCause());
  }
}
