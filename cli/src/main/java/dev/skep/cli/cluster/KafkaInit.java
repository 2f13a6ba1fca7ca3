package dev.skep.cli.cluster;

import dev.skep.cli.CliException;
import dev.skep.model.topic.Acl;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.AclAdmin;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.TopicAdmin;
import java.io.PrintStream;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;

/** Brings a broker's topics and access rules to the table, and says what it did. */
final class KafkaInit {
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_CALL = Duration.ofSeconds(10);

  private final KafkaConfig kafka;
  private final PrintStream out;
  private final Duration timeout;
  private final long end;

  /**
   * For one run, which begins now.
   *
   * @param timeout how long to wait for the broker, and for as many others as topics need replicas
   */
  KafkaInit(KafkaConfig kafka, PrintStream out, Duration timeout) {
    this.kafka = bounded(kafka, timeout);
    this.out = out;
    this.timeout = timeout;
    this.end = System.nanoTime() + timeout.toNanos();
  }

  private interface Step<T> {
    T run(KafkaConfig kafka);
  }

  /**
   * Makes topics, and rights if they are wanted.
   *
   * @throws CliException if the time was not enough, or the broker refuses
   */
  void run(boolean rights) throws InterruptedException {
    tellTopics(within(broker -> TopicAdmin.ensure(broker, Topics.all())));
    if (rights) {
      tellRights(within(broker -> AclAdmin.ensure(broker, Acl.all())));
    }
  }

  /**
   * Prints the rights that are there.
   *
   * @throws CliException as {@link #run}
   */
  void list() throws InterruptedException {
    within(AclAdmin::list).forEach(out::println);
  }

  private <T> T within(Step<T> step) throws InterruptedException {
    boolean said = false;
    while (true) {
      try {
        return step.run(kafka);
      } catch (PublishException e) {
        if (!passing(e)) {
          throw refused(e);
        }
        if (System.nanoTime() >= end) {
          throw new CliException(
              "the broker at "
                  + where()
                  + " was not ready within "
                  + timeout.toSeconds()
                  + " s: "
                  + e.getMessage()
                  + ": see that it runs, and that this machine or container reaches it");
        }
        if (!said) {
          out.println("waiting for the broker at " + where() + ": " + e.getMessage());
          said = true;
        }
      }
      Thread.sleep(PAUSE);
    }
  }

  private CliException refused(PublishException e) {
    String hint =
        e.getCause() instanceof AuthorizationException
            ? " This certificate is none of the broker's super.users: use the admin's"
            : "";
    return new CliException("the broker at " + where() + " refuses: " + e.getMessage() + hint);
  }

  private String where() {
    return kafka.bootstrapServers();
  }

  /** Calls that end with the patience, or after 10 s. */
  private static KafkaConfig bounded(KafkaConfig kafka, Duration timeout) {
    long millis = Math.clamp(timeout.toMillis(), 1_000, LONGEST_CALL.toMillis());
    Map<String, String> properties = new TreeMap<>(kafka.properties());
    properties.putIfAbsent("default.api.timeout.ms", Long.toString(millis));
    properties.putIfAbsent("request.timeout.ms", Long.toString(Math.min(millis, 5_000)));
    return new KafkaConfig(kafka.bootstrapServers(), properties);
  }

  /** Whether time may heal it. Topics need as many brokers as they have replicas. */
  private static boolean passing(PublishException e) {
    Throwable cause = e.getCause();
    return cause instanceof UnknownHostException
        || cause instanceof TimeoutException
        || cause instanceof RetriableException
        || cause instanceof InvalidReplicationFactorException;
  }

  private void tellTopics(TopicAdmin.Changes topics) {
    topics.made().forEach(t -> out.println("made topic " + t));
    topics
        .corrected()
        .forEach((t, s) -> out.println("corrected topic " + t + ": " + String.join(", ", s)));
    out.println(
        "topics: %d made, %d corrected, %d unchanged"
            .formatted(topics.made().size(), topics.corrected().size(), topics.unchanged()));
  }

  private void tellRights(AclAdmin.Changes rights) {
    rights.made().forEach(r -> out.println("given: " + r));
    rights.removed().forEach(r -> out.println("removed: " + r));
    rights
        .forEveryone()
        .forEach(r -> out.println("WARNING: a right of everyone that Skep does not know: " + r));
    out.println(
        "rights: %d given, %d removed, %d unchanged"
            .formatted(rights.made().size(), rights.removed().size(), rights.unchanged()));
  }
}
