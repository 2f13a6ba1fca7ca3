package dev.skep.runtime.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker for the topics' ids from time to time, once for all views of a process: a reader
 * cannot tell from the records alone that its topic was deleted and made anew.
 */
final class TopicWatch {
  private static final Logger log = LoggerFactory.getLogger(TopicWatch.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final int ANSWER_MILLIS = 2_000;
  private static final Map<KafkaConfig, TopicWatch> WATCHES = new HashMap<>();

  /** Someone who reads a topic. Called on the watch's thread; must return soon. */
  interface Listener {
    String topic();

    /** The topic has this id, as of now. Called at every look. */
    void id(String topicId);

    /**
     * The broker answered. Called at every look.
     *
     * @param asked when it was asked, by {@link System#nanoTime}
     */
    void answered(long asked);

    /** The broker did not answer. Called at every look. */
    void unreachable();
  }

  private final KafkaConfig kafka;
  private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Semaphore hurry = new Semaphore(0);
  private volatile boolean ended;

  private TopicWatch(KafkaConfig kafka) {
    this.kafka = kafka;
  }

  /** Adds a listener, which is told at once; the first one starts the watch. */
  static void add(KafkaConfig kafka, Listener listener) {
    synchronized (WATCHES) {
      TopicWatch watch = WATCHES.get(kafka);
      if (watch == null) {
        watch = new TopicWatch(kafka);
        WATCHES.put(kafka, watch);
        Thread.ofVirtual().name("topic-watch").start(watch::run);
      }
      watch.listeners.add(listener);
      watch.hurry.release();
    }
  }

  /** Takes a listener away; with the last one the watch ends. */
  static void remove(KafkaConfig kafka, Listener listener) {
    synchronized (WATCHES) {
      TopicWatch watch = WATCHES.get(kafka);
      if (watch == null || !watch.listeners.remove(listener) || !watch.listeners.isEmpty()) {
        return;
      }
      WATCHES.remove(kafka);
      watch.ended = true;
      watch.hurry.release();
    }
  }

  private void run() {
    try (Admin admin = open()) {
      Answer last = Answer.GOOD;
      while (!ended) {
        Answer now = look(admin);
        if (now != last && now != Answer.REFUSAL) {
          log.atWarn()
              .addKeyValue("broker", kafka.bootstrapServers())
              .log(
                  now == Answer.GOOD
                      ? "Broker answers again"
                      : "Broker does not answer; still trying");
        }
        last = now;
        if (hurry.tryAcquire(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
          hurry.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until a client can be made: the broker's name may have no address for now. */
  private Admin open() throws InterruptedException {
    while (true) {
      try {
        return TopicAdmin.open(kafka);
      } catch (PublishException e) {
        listeners.forEach(Listener::unreachable);
        log.atWarn()
            .addKeyValue("reason", e.getMessage())
            .log("Broker cannot be asked; still trying");
        Thread.sleep(PERIOD);
      }
    }
  }

  /** What came of a look; a refusal is said apart. */
  private enum Answer {
    GOOD,
    REFUSAL,
    NONE
  }

  private Answer look(Admin admin) {
    Set<String> topics = new HashSet<>();
    listeners.forEach(l -> topics.add(l.topic()));
    long asked = System.nanoTime();
    try {
      Map<String, String> ids =
          TopicAdmin.topicIds(admin, topics, new DescribeTopicsOptions().timeoutMs(ANSWER_MILLIS));
      for (Listener listener : listeners) {
        listener.answered(asked);
        String id = ids.get(listener.topic());
        if (id != null) {
          listener.id(id);
        }
      }
      return Answer.GOOD;
    } catch (PublishException e) {
      listeners.forEach(Listener::unreachable);
      return Refusals.say(kafka, e) ? Answer.REFUSAL : Answer.NONE;
    }
  }
}
