package dev.skep.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka's image, pulled or built, as the stack runs it: with the settings that {@code
 * images/kafka/README.md} shows, read-only root, mutual TLS, access rules.
 */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage("apache/kafka:4.3.1")
class KafkaImageIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir static Path dir;
  private static final Containers CONTAINERS = new Containers();
  private static final int PORT = Ports.free();
  private static TestCa ca;
  private static String broker;

  @BeforeAll
  static void start() throws Exception {
    ca = new TestCa(dir);
    List<String> options = new ArrayList<>(List.of("--hostname", "kafka"));
    options.addAll(List.of("--publish", "127.0.0.1:" + PORT + ":9092"));
    options.addAll(List.of("--mount", file(ca.issue("CN=broker"), "/run/secrets/kafka.pem")));
    options.addAll(List.of("--mount", file(ca.certificate(), "/etc/skep/ca.pem")));
    options.addAll(List.of("--mount", inMemory("/opt/kafka/config")));
    options.addAll(List.of("--mount", inMemory("/opt/kafka/logs")));
    options.addAll(List.of("--tmpfs", "/tmp"));
    settings().forEach((name, value) -> options.addAll(List.of("--env", name + "=" + value)));
    broker = CONTAINERS.start(options, "apache/kafka:4.3.1");
    awaitBroker();
  }

  @AfterAll
  static void stop() {
    CONTAINERS.close();
  }

  @Test
  void aClientWithACertificateOfTheCaIsAnswered() throws Exception {
    try (Admin admin = client(certificate("inventory"))) {
      assertThat(admin.describeCluster().nodes().get()).hasSize(1);
    }
  }

  @Test
  void aClientWithoutACertificateIsRefused() {
    try (Admin nobody = client(Map.of())) {
      assertThatThrownBy(() -> nobody.describeCluster().nodes().get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(AuthenticationException.class);
    }
  }

  @Test
  void whatNoRuleAllowsIsRefused() {
    try (Admin inventory = client(certificate("inventory"))) {
      assertThatThrownBy(() -> create(inventory, "not-allowed"))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  void theEnvironmentBecomesPropertiesByTheOfficialRules() {
    assertThat(Containers.docker("exec", broker, "cat", "/opt/kafka/config/server.properties"))
        .contains("\nmade.up_name-of.a.test=1\n")
        .contains("\nssl.principal.mapping.rules=RULE:^CN=([a-z0-9-]+)$/$1/\n")
        .doesNotContain("heap.opts");
  }

  @Test
  void itIsNotRoot() {
    assertThat(Containers.docker("exec", broker, "grep", "-w", "Uid:", "/proc/1/status"))
        .matches("Uid:(\\s+1000){4}");
  }

  @Test
  void aStartOnDataThatIsThereKeepsThem() throws Exception {
    try (Admin admin = client(certificate("admin"))) {
      create(admin, "kept");
    }
    Containers.docker("restart", "--time", "30", broker);
    awaitBroker();
    try (Admin admin = client(certificate("admin"))) {
      assertThat(admin.listTopics().names().get()).contains("kept");
    }
  }

  private static void create(Admin admin, String topic) throws Exception {
    admin.createTopics(Set.of(new NewTopic(topic, 1, (short) 1))).all().get();
  }

  private static void awaitBroker() {
    try (Admin admin = client(certificate("admin"))) {
      Awaitility.await("the broker")
          .atMost(LIMIT)
          .failFast(() -> assertThat(Containers.runs(broker)).as(Containers.logs(broker)).isTrue())
          .ignoreExceptionsInstanceOf(ExecutionException.class)
          .until(() -> admin.describeCluster().nodes().get().size() == 1);
    }
  }

  /** The README's settings, with an address that is reached from here, and one of a test's own. */
  private static Map<String, String> settings() throws IOException {
    Path readme = Path.of(System.getProperty("skep.root"), "images", "kafka", "README.md");
    String block = Files.readString(readme).split("```", 3)[1];
    Map<String, String> settings = new HashMap<>();
    for (String line : block.strip().lines().toList()) {
      String setting = line.replaceFirst("\\s+#.*", "");
      int equals = setting.indexOf('=');
      settings.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    assertThat(settings).containsKeys("CLUSTER_ID", "KAFKA_SSL_CLIENT_AUTH");
    settings.put("KAFKA_ADVERTISED_LISTENERS", "CLIENTS://localhost:" + PORT);
    settings.put("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093");
    settings.put("KAFKA_MADE_UP__NAME___OF_A_TEST", "1");
    return settings;
  }

  private static Map<String, String> certificate(String name) {
    return Map.of(
        "ssl.keystore.type", "PEM", "ssl.keystore.location", ca.issue("CN=" + name).toString());
  }

  private static Admin client(Map<String, String> certificate) {
    Map<String, Object> settings = new HashMap<>(certificate);
    settings.put("bootstrap.servers", "localhost:" + PORT);
    settings.put("security.protocol", "SSL");
    settings.put("ssl.truststore.type", "PEM");
    settings.put("ssl.truststore.location", ca.certificate().toString());
    settings.put("default.api.timeout.ms", "10000");
    settings.put("request.timeout.ms", "5000");
    settings.put("metadata.recovery.strategy", "none");
    return Admin.create(settings);
  }

  /** A file for the container's user, who is not the one that runs this test. */
  private static String file(Path source, String target) throws IOException {
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-r--r--"));
    return "type=bind,readonly,source=" + source.toAbsolutePath() + ",target=" + target;
  }

  /** As stack.yml has it: writable for whichever user the image has. */
  private static String inMemory(String target) {
    return "type=volume,target="
        + target
        + ",volume-opt=type=tmpfs,volume-opt=device=tmpfs,\"volume-opt=o=size=16m,mode=1777\"";
  }
}
