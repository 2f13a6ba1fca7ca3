package dev.skep.runtime.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicAdmin;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.Ports;
import dev.skep.testing.SecuredBroker;
import dev.skep.testing.TestCa;
import dev.skep.testing.WithKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@link EchoMain} in processes of their own: signals and exit codes are what is tested. */
@WithKafka
class ServiceMainIT {
  @TempDir Path dir;

  private final KafkaTest kafka;
  private final int port = Ports.free();
  private Process process;
  private String body;

  ServiceMainIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @AfterEach
  void end() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    kafka.wipe();
  }

  @Test
  void sigtermClosesEverythingInReverseOrder() throws Exception {
    start(environment());
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> ready() == 200);

    process.destroy();

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(log())
        .containsSubsequence(
            "Starting service=echo", "Started service=echo", "Ending", "Echo closed", "Ended");
  }

  @Test
  void theLogShowsTheConfigurationWithoutItsSecrets() throws Exception {
    start(environment());
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> ready() == 200);

    String log = log();

    assertThat(log).contains("SKEP_HTTP_PORT=" + port, "SKEP_TOKEN=(secret)");
    assertThat(log).doesNotContain("s3cret");
  }

  @Test
  void badConfigurationListsEveryProblemAndEndsWithTwo() throws Exception {
    start(Map.of("SKEP_HTTP_PORT", "many", "ECHO_WORDS", "-1"));

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(log())
        .contains("SKEP_KAFKA_BOOTSTRAP is not set", "SKEP_HTTP_PORT is 'many'")
        .contains("SKEP_TOKEN is not set", "ECHO_WORDS is '-1'")
        .doesNotContain("\tat ");
  }

  @Test
  void aPortInUseIsOneLineAndEndsWithOne() throws Exception {
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      start(environment());

      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(taken.isBound()).isTrue();
    }
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(log())
        .contains("skep echo: cannot start: cannot listen on 127.0.0.1:" + port)
        .contains("Echo closed")
        .doesNotContain("\tat ");
  }

  @Test
  void whatOnlyANewProcessCanHealEndsThisOne() throws Exception {
    Map<String, String> environment = new TreeMap<>(environment());
    environment.put("ECHO_FATAL", "true");
    start(environment);

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(70);
    assertThat(log()).contains("Cannot go on; ending", "Echo closed");
  }

  @Test
  void missingTopicsAreMadeBeforeTheServiceStarts() throws Exception {
    delete(Topics.NODES);

    start(environment());

    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> ready() == 200);
    assertThat(TopicAdmin.missing(KafkaConfig.of(kafka.bootstrapServers()), Topics.all()))
        .isEmpty();
    assertThat(log()).containsSubsequence("Topic made topic=skep.nodes", "Started service=echo");
  }

  @Test
  void withoutLeaveToMakeThemMissingTopicsAreOneLineAndEndWithOne() throws Exception {
    delete(Topics.NODES);
    Map<String, String> environment = new TreeMap<>(environment());
    environment.put("SKEP_KAFKA_CREATE_TOPICS", "false");

    start(environment);

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(log())
        .contains("skep echo: cannot start: the broker has no topic skep.nodes: make them, or set")
        .doesNotContain("\tat ");
    assertThat(TopicAdmin.missing(KafkaConfig.of(kafka.bootstrapServers()), Topics.all()))
        .containsExactly("skep.nodes");
  }

  @Test
  void aServiceThatWaitsForItsBrokerEndsAtSigterm() throws Exception {
    Map<String, String> environment = new TreeMap<>(environment());
    environment.put("SKEP_KAFKA_BOOTSTRAP", "127.0.0.1:" + Ports.free());
    environment.put("SKEP_KAFKA_DEFAULT_API_TIMEOUT_MS", "500");
    environment.put("SKEP_KAFKA_REQUEST_TIMEOUT_MS", "500");
    start(environment);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> log().contains("No broker answers; waiting for one"));

    process.destroy();

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(log()).doesNotContain("\tat ");
  }

  @Test
  void aBrokerWhoseNameHasNoAddressYetIsWaitedForLikeOneThatDoesNotAnswer() throws Exception {
    Map<String, String> environment = new TreeMap<>(environment());
    environment.put("SKEP_KAFKA_BOOTSTRAP", "kafka.invalid:9092");

    start(environment);

    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> get("/health/live") == 200);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(log())
                    .contains("No broker answers; waiting for one")
                    .contains("no name server knows an address of kafka.invalid:9092"));
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void whileItWaitsForTopicsItIsLiveAndSaysWhyItIsNotReady() throws Exception {
    delete(Topics.NODES);
    Map<String, String> environment = new TreeMap<>(environment());
    environment.put("SKEP_KAFKA_CREATE_TOPICS", "wait");

    start(environment);

    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> get("/health/live") == 200);
    assertThat(ready()).isEqualTo(503);
    assertThat(body).contains("waiting", "skep.nodes");
    TopicAdmin.ensure(KafkaConfig.of(kafka.bootstrapServers()), Topics.all());
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> ready() == 200);
    assertThat(log())
        .containsOnlyOnce("Topics are not there yet; waiting for skep kafka-init to make them")
        .contains("Started service=echo")
        .doesNotContain("Topic made");
  }

  @Test
  void aRefusedCertificateIsSaidOnceAndWaitedFor() throws Exception {
    try (SecuredBroker secured = SecuredBroker.start(dir.resolve("secured"))) {
      TestCa stranger = new TestCa(dir.resolve("stranger"));
      Map<String, String> environment = new TreeMap<>(environment());
      environment.put("SKEP_KAFKA_CREATE_TOPICS", "wait");
      environment.put("SKEP_KAFKA_BOOTSTRAP", secured.bootstrapServers());
      secured
          .client(stranger.issue("CN=monitor"))
          .forEach(
              (key, value) ->
                  environment.put(
                      "SKEP_KAFKA_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));

      start(environment);

      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> get("/health/live") == 200);
      assertThat(body).contains("refuses our certificate");
      assertThat(log().lines().filter(l -> l.contains(" WARN ") || l.contains(" ERROR ")))
          .singleElement()
          .asString()
          .contains("No connection to the broker that both sides trust; waiting for one")
          .contains("bootstrap=" + secured.bootstrapServers(), "refuses our certificate");
    }
  }

  private void delete(TopicSpec topic) throws Exception {
    kafka.wipe();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.deleteTopics(List.of(topic.name())).all().get(10, TimeUnit.SECONDS);
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                !TopicAdmin.missing(KafkaConfig.of(kafka.bootstrapServers()), List.of(topic))
                    .isEmpty());
  }

  private Map<String, String> environment() throws IOException {
    Path token = Files.writeString(dir.resolve("token"), "s3cret");
    return Map.of(
        "SKEP_KAFKA_BOOTSTRAP", kafka.bootstrapServers(),
        "SKEP_HTTP_PORT", Integer.toString(port),
        "SKEP_TOKEN_FILE", token.toString());
  }

  private void start(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            EchoMain.class.getName());
    builder.environment().keySet().removeIf(name -> name.startsWith("SKEP_"));
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(dir.resolve("log").toFile());
    process = builder.start();
  }

  private String log() throws IOException {
    return Files.readString(dir.resolve("log"));
  }

  private int ready() throws InterruptedException {
    return get("/health/ready");
  }

  /** The status, 0 without an answer; leaves the {@link #body}. */
  private int get(String path) throws InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      body = answer.body();
      return answer.statusCode();
    } catch (IOException e) {
      return 0;
    }
  }
}
