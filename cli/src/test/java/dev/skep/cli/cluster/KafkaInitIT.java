package dev.skep.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.cli.CliException;
import dev.skep.cli.Main;
import dev.skep.model.topic.Acl;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.testing.Ports;
import dev.skep.testing.SecuredBroker;
import dev.skep.testing.TestCa;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaInitIT {
  private static final int TOPICS = Topics.all().size();
  private static final int RIGHTS = Acl.all().size();
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofSeconds(2);

  @TempDir static Path dir;
  private static SecuredBroker broker;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private record Ended(int code, String out) {}

  @BeforeAll
  static void start() {
    broker = SecuredBroker.start(dir.resolve("broker"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void aProcessThatKnowsItsEnvironmentAloneDoesItAndTheSecondTimeNothingChanges() throws Exception {
    init(broker.client("admin")).run(true);
    Ended second = process(broker.client("admin"));

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("made topic skep.stacks", "given: cert may WRITE topic skep.certificates")
        .contains("topics: %d made, 0 corrected, 0 unchanged".formatted(TOPICS))
        .contains("rights: %d given, 0 removed, 0 unchanged".formatted(RIGHTS));
    assertThat(second)
        .isEqualTo(
            new Ended(
                0,
                """
                topics: 0 made, 0 corrected, %d unchanged
                rights: 0 given, 0 removed, %d unchanged
                """
                    .formatted(TOPICS, RIGHTS)));

    out.reset();
    init(broker.client("admin")).list();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .hasLineCount(RIGHTS)
        .contains("edge-agent may READ group skep.edge-agent-*\n");
  }

  @Test
  void aCertificateThatTheBrokerDoesNotTakeIsOneLineThatSaysWhy() throws Exception {
    TestCa stranger = new TestCa(dir.resolve("stranger"));

    Ended ended = process(broker.client(stranger.issue("CN=admin")));

    assertThat(ended.out())
        .startsWith("skep: the broker at " + broker.bootstrapServers() + " refuses: ")
        .contains("refuses our certificate")
        .hasLineCount(1);
    assertThat(ended.code()).isEqualTo(1);
  }

  @Test
  void neitherAnExpiredCertificateNorNoneIsLetIn() {
    Instant now = Instant.now();
    Path expired =
        broker
            .ca()
            .issue("CN=admin", now.minus(Duration.ofDays(2)), now.minus(Duration.ofHours(1)));
    Map<String, String> none = new TreeMap<>(broker.client("admin"));
    none.keySet().removeIf(k -> k.startsWith("ssl.keystore"));

    assertRefused(broker.client(expired), "refuses our certificate");
    assertRefused(none, "refuses our certificate");
  }

  @Test
  void aBrokerOfAnotherAuthorityIsNotTalkedTo() {
    Map<String, String> distrusting = new TreeMap<>(broker.client("admin"));
    distrusting.put(
        "ssl.truststore.location", new TestCa(dir.resolve("other")).certificate().toString());

    assertRefused(distrusting, "the broker's certificate is refused");
  }

  @Test
  void aServiceOrAStrangerMayNotMakeTopicsAndRights() {
    assertRefused(broker.client("cert"), "none of the broker's super.users");
    assertRefused(broker.client("stranger"), "none of the broker's super.users");
  }

  /** Else whoever the CA calls admin of something else would be the broker's. */
  @Test
  void aSubjectThatIsMoreThanAServicesNameIsNobody() {
    KafkaConfig other =
        new KafkaConfig(
            broker.bootstrapServers(), broker.client(broker.ca().issue("CN=admin,O=Other")));

    assertThatThrownBy(() -> init(other, SHORT).run(true))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("was not ready within 2 s");
    assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("made topic");
  }

  @Test
  void aBrokerThatDoesNotAnswerIsWaitedForAsLongAsToldTo() {
    String nowhere = "127.0.0.1:" + Ports.free();

    assertThatThrownBy(() -> init(KafkaConfig.of(nowhere), SHORT).run(true))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("the broker at " + nowhere + " was not ready within 2 s");
  }

  @Test
  void aBrokerWithoutAccessRulesGetsItsTopicsAndIsTold() throws Exception {
    try (EmbeddedKafka open = EmbeddedKafka.start(dir.resolve("open"), 0)) {
      KafkaConfig kafka = KafkaConfig.of(open.bootstrapServers());

      assertThatThrownBy(() -> init(kafka, PATIENCE).run(true))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("has no authorizer");
      out.reset();
      init(kafka, PATIENCE).run(false);
      assertThat(out.toString(StandardCharsets.UTF_8))
          .isEqualTo("topics: 0 made, 0 corrected, %d unchanged\n".formatted(TOPICS));
    }
  }

  @Test
  void aFileThatIsNoKeyIsNamed() throws Exception {
    Path empty = Files.writeString(dir.resolve("empty.pem"), "");

    assertRefused(broker.client(empty), "ssl.keystore.location is " + empty);
  }

  private void assertRefused(Map<String, String> client, String why) {
    assertThatThrownBy(() -> init(client).run(true))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("the broker at " + broker.bootstrapServers() + " refuses: ")
        .hasMessageContaining(why);
    assertThat(out.size()).isZero();
  }

  private KafkaInit init(Map<String, String> client) {
    return init(new KafkaConfig(broker.bootstrapServers(), client), PATIENCE);
  }

  private KafkaInit init(KafkaConfig kafka, Duration timeout) {
    return new KafkaInit(kafka, new PrintStream(out, true, StandardCharsets.UTF_8), timeout);
  }

  /** {@code skep kafka-init} as a process of its own, which sees no other environment. */
  private static Ended process(Map<String, String> client) throws Exception {
    Path log = Files.createTempFile(dir, "init", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "kafka-init");
    Map<String, String> env = builder.environment();
    env.clear();
    env.put("SKEP_KAFKA_BOOTSTRAP", broker.bootstrapServers());
    client.forEach(
        (key, value) ->
            env.put("SKEP_KAFKA_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("kafka-init ends").isTrue();
    return new Ended(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
  }
}
