package dev.skep.runtime.kafka;

import static dev.skep.runtime.kafka.AdminCalls.await;

import dev.skep.model.topic.TopicSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes topics and tells their ids. Blocking, and thread-safe. */
public final class TopicAdmin {
  private static final Logger log = LoggerFactory.getLogger(TopicAdmin.class);
  private static final int LOOK_MILLIS = 5_000;

  /**
   * What {@link #ensure} did.
   *
   * @param made names of topics that were not there
   * @param corrected names of settings that had drifted, by topic
   * @param unchanged how many topics were as they should be
   */
  public record Changes(
      SortedSet<String> made, SortedMap<String, List<String>> corrected, int unchanged) {}

  /**
   * Which topics are not as a service needs them.
   *
   * @param missing those that are not there
   * @param forbidden those that this principal may not look at, whether they are there or not
   */
  public record Absence(SortedSet<String> missing, SortedSet<String> forbidden) {}

  private TopicAdmin() {}

  /**
   * Makes the topics that are not there, and corrects the settings of those that are. Making them
   * again changes nothing. Waits until the broker knows them, at most 30 s a step.
   *
   * @throws PublishException if the broker cannot be reached or refuses
   */
  public static Changes ensure(KafkaConfig kafka, Collection<TopicSpec> topics) {
    try (Admin admin = open(kafka)) {
      Map<String, TopicSpec> byName = new TreeMap<>();
      topics.forEach(t -> byName.put(t.name(), t));
      List<NewTopic> wanted =
          byName.values().stream()
              .map(t -> new NewTopic(t.name(), 1, (short) -1).configs(t.config()))
              .toList();
      CreateTopicsResult result = admin.createTopics(wanted);
      List<TopicSpec> existing = new ArrayList<>();
      Map<String, String> made = new TreeMap<>();
      for (TopicSpec topic : byName.values()) {
        String name = topic.name();
        try {
          made.put(
              name, await(result.topicId(name), "topic " + name + " cannot be made").toString());
          log.atInfo().addKeyValue("topic", name).log("Topic made");
        } catch (PublishException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw e;
          }
          existing.add(topic);
        }
      }
      SortedMap<String, List<String>> corrected = correct(admin, existing);
      awaitKnown(admin, made);
      return new Changes(
          new TreeSet<>(made.keySet()), corrected, byName.size() - made.size() - corrected.size());
    }
  }

  /**
   * What a broker answers may be older than what the controller did: it may not know a new topic
   * yet, and may still know the one of the same name that was deleted before.
   */
  private static void awaitKnown(Admin admin, Map<String, String> made) {
    AdminCalls.until(
        "topics were made but did not appear: " + made.keySet(),
        () -> topicIds(admin, made.keySet(), new DescribeTopicsOptions()).equals(made));
  }

  /**
   * Which of these topics are not there. One that this principal may not look at is taken to be
   * there: whoever tightened its rights made it, and did not make it for this service.
   *
   * @throws PublishException if the broker cannot be reached
   */
  public static SortedSet<String> missing(KafkaConfig kafka, Collection<TopicSpec> topics) {
    return look(kafka, topics).missing();
  }

  /**
   * Which of these topics are not there, or not for this principal.
   *
   * @throws PublishException if the broker does not answer within 5 s
   */
  public static Absence look(KafkaConfig kafka, Collection<TopicSpec> topics) {
    Absence absence = new Absence(new TreeSet<>(), new TreeSet<>());
    try (Admin admin = open(kafka)) {
      List<String> names = topics.stream().map(TopicSpec::name).toList();
      admin
          .describeTopics(names, new DescribeTopicsOptions().timeoutMs(LOOK_MILLIS))
          .topicNameValues()
          .forEach(
              (name, described) -> {
                try {
                  await(described, "topic " + name + " cannot be described");
                } catch (PublishException e) {
                  if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                    absence.missing().add(name);
                  } else if (e.getCause() instanceof AuthorizationException) {
                    absence.forbidden().add(name);
                  } else {
                    throw e;
                  }
                }
              });
    }
    return absence;
  }

  /**
   * The ids that the broker gave to topics when they were made: never used again, so that they are
   * the store's identity.
   *
   * @return by topic name; a topic that does not exist is left out
   * @throws PublishException if the broker cannot be reached
   */
  public static Map<String, String> topicIds(KafkaConfig kafka, Collection<String> topics) {
    try (Admin admin = open(kafka)) {
      return topicIds(admin, topics, new DescribeTopicsOptions());
    }
  }

  static Map<String, String> topicIds(
      Admin admin, Collection<String> topics, DescribeTopicsOptions options) {
    Map<String, String> ids = new TreeMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> described :
        admin.describeTopics(topics, options).topicNameValues().entrySet()) {
      try {
        TopicDescription topic =
            await(described.getValue(), "topic " + described.getKey() + " cannot be described");
        ids.put(described.getKey(), topic.topicId().toString());
      } catch (PublishException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
    return ids;
  }

  static Admin open(KafkaConfig kafka) {
    return AdminCalls.open(kafka);
  }

  /** Only what the table names is set: an operator's other settings are left alone. */
  private static SortedMap<String, List<String>> correct(Admin admin, List<TopicSpec> topics) {
    SortedMap<String, List<String>> corrected = new TreeMap<>();
    if (topics.isEmpty()) {
      return corrected;
    }
    Map<ConfigResource, TopicSpec> resources = new HashMap<>();
    topics.forEach(t -> resources.put(new ConfigResource(ConfigResource.Type.TOPIC, t.name()), t));
    Map<ConfigResource, Config> actual = settings(admin, resources.keySet());
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    resources.forEach(
        (resource, spec) -> {
          List<AlterConfigOp> ops = drift(spec, actual.get(resource));
          if (!ops.isEmpty()) {
            changes.put(resource, ops);
          }
        });
    if (changes.isEmpty()) {
      return corrected;
    }
    await(admin.incrementalAlterConfigs(changes).all(), "topic settings cannot be corrected");
    changes.forEach(
        (resource, ops) ->
            corrected.put(resource.name(), ops.stream().map(o -> o.configEntry().name()).toList()));
    corrected.forEach(
        (topic, settings) ->
            log.atWarn()
                .addKeyValue("topic", topic)
                .addKeyValue("settings", settings)
                .log("Topic settings had drifted and were corrected"));
    return corrected;
  }

  /** A topic that another process made a moment ago may not be known to every broker yet. */
  private static Map<ConfigResource, Config> settings(Admin admin, Set<ConfigResource> topics) {
    AtomicReference<Map<ConfigResource, Config>> settings = new AtomicReference<>();
    AdminCalls.until(
        "topic settings cannot be read",
        () -> {
          try {
            settings.set(
                await(admin.describeConfigs(topics).all(), "topic settings cannot be read"));
            return true;
          } catch (PublishException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
              return false;
            }
            throw e;
          }
        });
    return settings.get();
  }

  private static List<AlterConfigOp> drift(TopicSpec spec, Config actual) {
    List<AlterConfigOp> ops = new ArrayList<>();
    spec.config()
        .forEach(
            (name, value) -> {
              ConfigEntry entry = actual.get(name);
              if (entry == null || !value.equals(entry.value())) {
                ops.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
              }
            });
    return ops;
  }
}
