package dev.skep.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.cli.Main;
import dev.skep.model.topic.Acl;
import dev.skep.model.topic.Topics;
import dev.skep.testing.Ports;
import dev.skep.testing.SecuredBroker;
import dev.skep.testing.TestCa;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code skep kafka-init} as a process of its own, which knows nothing but its environment. */
class KafkaInitIT {
  @TempDir Path dir;

  private record Run(int code, String out) {}

  @Test
  void theSecondTimeNothingChanges() throws Exception {
    try (SecuredBroker broker = SecuredBroker.start(dir)) {
      Run first = init(broker.bootstrapServers(), broker.client("admin"));
      Run second = init(broker.bootstrapServers(), broker.client("admin"));

      assertThat(first.out())
          .contains("made topic skep.stacks", "given: cert may WRITE topic skep.certificates")
          .contains("topics: %d made, 0 corrected, 0 unchanged".formatted(Topics.all().size()))
          .contains("rights: %d given, 0 removed, 0 unchanged".formatted(Acl.all().size()));
      assertThat(first.code()).isZero();
      assertThat(second.out())
          .isEqualTo(
              """
              topics: 0 made, 0 corrected, %d unchanged
              rights: 0 given, 0 removed, %d unchanged
              """
                  .formatted(Topics.all().size(), Acl.all().size()));
      assertThat(second.code()).isZero();
    }
  }

  @Test
  void aCertificateThatTheBrokerDoesNotTakeIsOneLineThatSaysWhy() throws Exception {
    try (SecuredBroker broker = SecuredBroker.start(dir)) {
      TestCa stranger = new TestCa(dir.resolve("stranger"));
      Instant now = Instant.now();
      Path expired =
          broker
              .ca()
              .issue("CN=admin", now.minus(Duration.ofDays(2)), now.minus(Duration.ofHours(1)));
      Map<String, String> none = new TreeMap<>(broker.client("admin"));
      none.keySet().removeIf(k -> k.startsWith("ssl.keystore"));
      Map<String, String> distrusting = new TreeMap<>(broker.client("admin"));
      distrusting.put("ssl.truststore.location", stranger.certificate().toString());

      for (Map<String, String> client :
          List.of(broker.client(stranger.issue("CN=admin")), broker.client(expired), none)) {
        assertRefused(broker, client, "refuses our certificate");
      }
      assertRefused(broker, distrusting, "the broker's certificate is refused");
      assertRefused(broker, broker.client("cert"), "cannot be made");
      assertRefused(broker, broker.client("stranger"), "cannot be made");
    }
  }

  private void assertRefused(SecuredBroker broker, Map<String, String> client, String why)
      throws Exception {
    Run run = init(broker.bootstrapServers(), client);

    assertThat(run.out())
        .startsWith("skep: the broker at " + broker.bootstrapServers() + " refuses: ")
        .contains(why)
        .hasLineCount(1);
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void aBrokerThatDoesNotAnswerIsWaitedForAsLongAsToldTo() throws Exception {
    String nowhere = "127.0.0.1:" + Ports.free();

    Run run = init(nowhere, Map.of(), "--timeout", "2s");

    assertThat(run.out())
        .startsWith("skep: the broker at " + nowhere + " was not ready within 2 s")
        .hasLineCount(1);
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void aBrokerWithoutAccessRulesGetsItsTopicsAndIsTold() throws Exception {
    try (EmbeddedKafka open = EmbeddedKafka.start(dir.resolve("kafka"), 0)) {
      Run strict = init(open.bootstrapServers(), Map.of());
      Run lenient = init(open.bootstrapServers(), Map.of(), "--topics-only");

      assertThat(strict.out()).contains("topics: ").contains("has no authorizer");
      assertThat(strict.code()).isEqualTo(1);
      assertThat(lenient.out())
          .isEqualTo("topics: 0 made, 0 corrected, %d unchanged\n".formatted(Topics.all().size()));
      assertThat(lenient.code()).isZero();
    }
  }

  @Test
  void aFileThatIsNoKeyIsOneLine() throws Exception {
    Path empty = Files.writeString(dir.resolve("empty.pem"), "");

    Run run =
        init(
            "127.0.0.1:" + Ports.free(),
            Map.of(
                "security.protocol",
                "SSL",
                "ssl.keystore.type",
                "PEM",
                "ssl.keystore.location",
                empty.toString()));

    assertThat(run.out()).contains("SKEP_KAFKA_").contains(empty.toString()).hasLineCount(1);
    assertThat(run.code()).isEqualTo(1);
  }

  private Run init(String bootstrap, Map<String, String> client, String... options)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "kafka-init"));
    command.addAll(List.of(options));
    Path out = Files.createTempFile(dir, "init", ".out");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("SKEP_KAFKA_BOOTSTRAP", bootstrap);
    client.forEach(
        (key, value) ->
            builder
                .environment()
                .put("SKEP_KAFKA_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
    Process process = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("kafka-init ends").isTrue();
    return new Run(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
  }
}
