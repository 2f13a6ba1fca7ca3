package dev.skep.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicAdmin;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up --kafka}: a cluster that was there before, in place of the broker in the process. */
@RequiresEngine
@RequiresImage("haproxy:3.4")
class OtherKafkaIT {
  @TempDir Path dir;

  @Test
  void theSuiteKeepsItsStateInTheClusterThatWasNamed() throws Exception {
    try (EmbeddedKafka cluster = EmbeddedKafka.start(dir, 0);
        Suite suite = new Suite()) {
      suite.up("--demo", "--kafka", cluster.bootstrapServers());

      assertThat(Files.exists(suite.state().kafka())).isFalse();
      KafkaConfig kafka = new KafkaConfig(cluster.bootstrapServers(), Map.of());
      assertThat(TopicAdmin.topicIds(kafka, List.of(Topics.STACKS.name(), Topics.ROUTES.name())))
          .hasSize(2);
      assertThat(suite.curl("whoami.localhost", "/").output()).contains("status=200");
    }
  }
}
