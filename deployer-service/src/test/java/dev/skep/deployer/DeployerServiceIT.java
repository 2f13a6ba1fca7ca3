package dev.skep.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.RunningDeployer.Answer;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.model.Codecs;
import dev.skep.model.command.Command;
import dev.skep.model.stack.Stack;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.PlainPublisher;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.Ports;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.WithKafka;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@RequiresEngine
@WithKafka
class DeployerServiceIT {
  private static final String STACK = "dt-service";
  private static final String WEB =
      "services: {web: {image: 'haproxy:3.4', environment: {PASSWORD: hunter2}, deploy: {replicas: 0, labels: {l: one}}}}";

  private final KafkaTest kafka;
  private final PrivateKeyRing keys = PrivateKeyRing.create();
  @RegisterExtension final LiveEngine engine = new LiveEngine();
  @TempDir Path dir;
  private RunningDeployer deployer;

  DeployerServiceIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void start() throws Exception {
    kafka.wipe();
    deployer = new RunningDeployer(kafka, engine.address(), keys);
  }

  @AfterEach
  void stop() {
    deployer.close();
  }

  private String body(String yaml) {
    return body(LiveEngine.objects(dir, STACK, yaml));
  }

  private static String body(StackObjects objects) {
    return "{\"objects\":" + objects.toJson() + ",\"options\":{\"resolveImage\":\"never\"}}";
  }

  private JsonNode deploy(String yaml) {
    Answer answer = deployer.post("/api/stacks/" + STACK, body(yaml));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    return deployer.done(answer.body().path("command").asText());
  }

  @Test
  void deploysWhatIsPosted() {
    JsonNode done = deploy(WEB);

    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
    assertThat(done.at("/deployment/steps/1/name").asText()).isEqualTo("dt-service_web");
    assertThat(done.at("/deployment/steps/1/action").asText()).isEqualTo("created");
    assertThat(engine.versions(STACK)).containsKey("services/dt-service_web");
  }

  @Test
  void theSameStackAgainUpdatesNoService() {
    deploy(WEB);
    Map<String, Long> before = engine.settledVersions(STACK);

    JsonNode done = deploy(WEB);

    assertThat(done.at("/deployment/revision").asLong()).isEqualTo(2);
    assertThat(engine.versions(STACK)).isEqualTo(before);
  }

  @Test
  void aRepeatedIdempotencyKeyDeploysOnce() {
    String key = "the-same-key";
    deployer.post("/api/stacks/" + STACK, body(WEB), "Idempotency-Key", key);
    deployer.done(key);

    Answer second = deployer.post("/api/stacks/" + STACK, body(WEB), "Idempotency-Key", key);

    assertThat(second.body().path("command").asText()).isEqualTo(key);
    deploy(WEB);
    // The command after it was the second revision: the repetition made none.
    assertThat(deployer.get("/api/deployments/" + STACK).body())
        .extracting(d -> d.path("revision").asLong())
        .containsExactly(2L, 1L);
  }

  @Test
  void goesOnAfterARestartBetweenTheCommandAndItsEffect() throws Exception {
    // The Engine is out of reach: the command is folded, but nothing can be done.
    deployer.close();
    URI nowhere = URI.create("tcp://127.0.0.1:" + Ports.free());
    deployer = new RunningDeployer(kafka, nowhere, keys);
    String id = deployer.post("/api/stacks/" + STACK, body(WEB)).body().path("command").asText();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> deployer.get("/api/commands/" + id).body().path("state").asText(),
            "running"::equals);
    deployer.close();

    deployer = new RunningDeployer(kafka, engine.address(), keys);

    JsonNode done = deployer.done(id);
    assertThat(done.path("state").asText()).isEqualTo("succeeded");
    assertThat(deployer.get("/api/deployments/" + STACK).body()).hasSize(1);
    assertThat(engine.versions(STACK))
        .containsOnlyKeys("networks/dt-service_default", "services/dt-service_web");
  }

  @Test
  void finishesWhatWasHalfDoneWithoutDoingItTwice() throws Exception {
    // As if the process had died after its first service: the rest is missing, the record runs.
    StackObjects two =
        LiveEngine.objects(
            dir,
            STACK,
            """
            services:
              a: {image: "haproxy:3.4", deploy: {replicas: 0}}
              b: {image: "haproxy:3.4", deploy: {replicas: 0}}
            """);
    StackObjects half =
        new StackObjects(two.networks(), List.of(), List.of(), List.of(two.services().getFirst()));
    engine.applier().apply(STACK, half, LiveEngine.OPTIONS);

    String id = deployer.post("/api/stacks/" + STACK, body(two)).body().path("command").asText();

    JsonNode done = deployer.done(id);
    assertThat(done.at("/deployment/steps"))
        .extracting(s -> s.path("name").asText() + " " + s.path("action").asText())
        .containsExactly(
            "dt-service_default unchanged", "dt-service_a unchanged", "dt-service_b created");
  }

  @Test
  void removesAStackAndItsRecord() {
    deploy(WEB);

    String id = deployer.delete("/api/stacks/" + STACK).body().path("command").asText();

    assertThat(deployer.done(id).path("state").asText()).isEqualTo("succeeded");
    assertThat(engine.versions(STACK)).isEmpty();
    try (TopicView<Stack> view = stacks()) {
      await().until(() -> view.get(STACK).isEmpty());
    }
    assertThat(deploy(WEB).at("/deployment/revision").asLong()).isEqualTo(3);
  }

  @Test
  void aMissingNetworkFailsTheDeploymentAndCreatesNothing() {
    JsonNode done =
        deploy(
            "{services: {web: {image: 'haproxy:3.4', networks: [gone]}}, networks: {gone: {external: true}}}");

    assertThat(done.path("state").asText()).isEqualTo("failed");
    assertThat(done.path("error").asText()).contains("docker network create");
    assertThat(engine.versions(STACK)).isEmpty();
  }

  @Test
  void refusesABodyThatIsNoStackWithAProblem() {
    Answer answer = deployer.post("/api/stacks/" + STACK, "{\"objects\":{\"services\":[]}}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.body().path("detail").asText()).contains("'networks' must be a list");
  }

  @Test
  void refusesObjectsWithTheLabelOfAnotherStack() {
    String other = body(LiveEngine.objects(dir, "dt-other", WEB));

    Answer answer = deployer.post("/api/stacks/" + STACK, other);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("detail").asText())
        .contains("must have the label com.docker.stack.namespace=dt-service");
  }

  @Test
  void aBodySealedToAnotherKeyFailsItsCommandAndNothingElse() {
    Instant now = Instant.now();
    Command foreign =
        new Command(
            "foreign",
            "deployer",
            "stack.deploy",
            "test",
            now,
            now.plusSeconds(60),
            null,
            PrivateKeyRing.create()
                .publicKeys()
                .seal(new byte[] {1}, Command.sealingContext("deployer", "foreign")));
    try (PlainPublisher publisher = PlainPublisher.open(deployer.platform(), "test")) {
      publisher
          .publish(Write.put(Topics.COMMANDS, Codecs.COMMANDS, "deployer", foreign, "issued", null))
          .toCompletableFuture()
          .join();
    }

    assertThat(deployer.done("foreign").path("error").asText()).contains("cannot be opened");
    assertThat(deploy(WEB).path("state").asText()).isEqualTo("succeeded");
  }

  @Test
  void tellsOfAServiceThatWasChangedByHandAndLeavesIt() {
    deploy(WEB);
    engine.change(
        "dt-service_web",
        spec -> {
          ((ObjectNode) spec.path("Labels")).put("l", "by hand");
        });

    try (TopicView<Stack> view = stacks()) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> condition(view, "InSync").orElse(""), m -> m.startsWith("web: Labels.l;"));
    }

    assertThat(engine.spec("dt-service_web").path("Labels").path("l").asText())
        .isEqualTo("by hand");
  }

  @Test
  void nothingSecretIsReadableInTheTopics() {
    deploy(WEB);

    try (TopicView<Stack> view = stacks()) {
      await().until(() -> view.get(STACK).isPresent());
      String record =
          new String(Codecs.STACKS.write(view.get(STACK).get()), StandardCharsets.UTF_8);
      assertThat(record).contains("dt-service").doesNotContain("hunter2");
    }
  }

  /** They are in the sealed bodies alone: not in records, answers, conditions or the log. */
  @Test
  void registryCredentialsAreNowhereToBeSeen() {
    String secret =
        Base64.getUrlEncoder()
            .encodeToString("{\"password\":\"hunter2\"}".getBytes(StandardCharsets.UTF_8));
    String body =
        body(WEB)
            .replace("\"never\"", "\"always\",\"registryAuth\":{\"docker.io\":\"" + secret + "\"}");
    try (LogRecords log = LogRecords.begin()) {
      String id = deployer.post("/api/stacks/" + STACK, body).body().path("command").asText();
      JsonNode done = deployer.done(id);
      JsonNode refused =
          deployer.post("/api/stacks/" + STACK, body.replace(secret, "hunter2\\r\\nX: y")).body();
      JsonNode history = deployer.get("/api/deployments/" + STACK).body();
      String topics = TopicBytes.read(kafka);

      assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
      assertThat(refused.path("detail").asText()).contains("the registryAuth of 'docker.io' must");
      assertThat(topics).contains("stack.deploy").contains("dt-service_web");
      assertThat(log.text()).contains("Deployment succeeded");
      assertThat(done.toString() + refused + history + topics + log.text())
          .doesNotContain(secret)
          .doesNotContain("hunter2");
    }
  }

  @Test
  void tenDeploymentsAtOnceEndWithTheLastOne() {
    List<String> ids =
        java.util.stream.IntStream.rangeClosed(1, 10)
            .mapToObj(
                n ->
                    deployer
                        .post("/api/stacks/" + STACK, body(WEB.replace("l: one", "l: n" + n)))
                        .body()
                        .path("command")
                        .asText())
            .toList();

    JsonNode last = deployer.done(ids.getLast());

    assertThat(last.path("state").asText()).isEqualTo("succeeded");
    assertThat(engine.spec("dt-service_web").path("Labels").path("l").asText()).isEqualTo("n10");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(deployer.get("/api/deployments/" + STACK).body())
                    .extracting(d -> d.path("phase").asText())
                    .doesNotContain("RUNNING"));
  }

  private TopicView<Stack> stacks() {
    TopicView<Stack> view =
        TopicView.open(deployer.platform(), "test", Topics.STACKS, Codecs.STACKS, c -> {});
    view.awaitReady(Duration.ofSeconds(20));
    return view;
  }

  private static Optional<String> condition(TopicView<Stack> view, String type) {
    return view.get(STACK).stream()
        .flatMap(s -> s.conditions().stream())
        .filter(c -> c.type().equals(type))
        .map(c -> c.message())
        .findFirst();
  }
}
