package dev.skep.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.Ports;
import dev.skep.testing.WithKafka;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithKafka
class TopicAdminIT {
  private static final ConfigResource NETWORKS =
      new ConfigResource(ConfigResource.Type.TOPIC, Topics.NETWORKS.name());

  private final KafkaTest test;
  private final KafkaConfig kafka;

  TopicAdminIT(KafkaTest test) {
    this.test = test;
    this.kafka = KafkaConfig.of(test.bootstrapServers());
  }

  @BeforeEach
  void wipe() {
    test.wipe();
  }

  @Test
  void makingTopicsAgainKeepsThem() throws Exception {
    try (Admin admin = TopicAdmin.open(kafka)) {
      admin.deleteTopics(Topics.all().stream().map(TopicSpec::name).toList()).all().get();
    }
    TopicAdmin.ensure(kafka, Topics.all());
    List<String> names = Topics.all().stream().map(TopicSpec::name).toList();
    Map<String, String> before = TopicAdmin.topicIds(kafka, names);

    TopicAdmin.ensure(kafka, Topics.all());

    assertThat(before).hasSize(Topics.all().size());
    assertThat(TopicAdmin.topicIds(kafka, names)).isEqualTo(before);
  }

  @Test
  void driftedSettingsAreCorrectedAndOthersLeftAlone() throws Exception {
    try (Admin admin = TopicAdmin.open(kafka)) {
      admin
          .incrementalAlterConfigs(
              Map.of(NETWORKS, List.of(set("cleanup.policy", "delete"), set("retention.ms", "99"))))
          .all()
          .get();

      // What a broker answers may be older than what the controller has accepted.
      KafkaFixture.await().until(() -> setting(admin, "cleanup.policy").equals("delete"));

      TopicAdmin.ensure(kafka, List.of(Topics.NETWORKS));

      KafkaFixture.await().until(() -> setting(admin, "cleanup.policy").equals("compact"));
      assertThat(setting(admin, "retention.ms")).isEqualTo("99");
    }
  }

  @Test
  void aTopicThatDoesNotExistHasNoId() {
    Map<String, String> ids = TopicAdmin.topicIds(kafka, List.of("absent", "skep.nodes"));

    assertThat(ids).containsOnlyKeys("skep.nodes");
  }

  @Test
  void anUnreachableBrokerIsAnErrorThatSaysSo() {
    KafkaConfig nowhere =
        new KafkaConfig(
            "127.0.0.1:" + Ports.free(),
            Map.of("default.api.timeout.ms", "500", "request.timeout.ms", "400"));

    assertThatThrownBy(() -> TopicAdmin.topicIds(nowhere, List.of("skep.nodes")))
        .isInstanceOf(PublishException.class);
  }

  private static String setting(Admin admin, String name) throws Exception {
    return admin.describeConfigs(Set.of(NETWORKS)).all().get().get(NETWORKS).get(name).value();
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }
}
