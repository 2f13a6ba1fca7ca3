package dev.skep.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.broker.BrokerSecurity;
import dev.skep.broker.EmbeddedKafka;
import dev.skep.model.topic.Principal;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicAdmin;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificates that init makes, shown to a broker that asks for them. */
class ControlCaIT {
  @TempDir Path dir;

  private final ControlCa ca = ControlCa.create(Clock.systemUTC());

  @Test
  void withItsCertificateEachServiceIsWhoTheBrokersRulesMean() throws Exception {
    Path authority = Files.writeString(dir.resolve("ca.pem"), ca.certificatePem());
    BrokerSecurity security =
        new BrokerSecurity(
            issue("broker", List.of("kafka", "localhost")), authority, Principal.SUPER_USERS);
    try (EmbeddedKafka kafka = EmbeddedKafka.start(dir.resolve("kafka"), 0, security)) {
      KafkaConfig admin = client(kafka, "admin", authority);
      new KafkaInit(
              admin,
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
              Duration.ofMinutes(1))
          .run(true);

      for (Principal principal : Principal.values()) {
        assertThat(
                TopicAdmin.look(client(kafka, principal.id(), authority), Topics.usedBy(principal)))
            .as(principal.id())
            .satisfies(absence -> assertThat(absence.missing()).isEmpty())
            .satisfies(absence -> assertThat(absence.forbidden()).isEmpty());
      }
    }
  }

  private KafkaConfig client(EmbeddedKafka kafka, String principal, Path authority)
      throws IOException {
    return new KafkaConfig(
        kafka.bootstrapServers(),
        Map.of(
            "security.protocol",
            "SSL",
            "ssl.keystore.type",
            "PEM",
            "ssl.keystore.location",
            issue(principal, List.of()).toString(),
            "ssl.truststore.type",
            "PEM",
            "ssl.truststore.location",
            authority.toString()));
  }

  private Path issue(String principal, List<String> names) throws IOException {
    return Files.writeString(dir.resolve(principal + ".pem"), ca.issue(principal, names));
  }
}
