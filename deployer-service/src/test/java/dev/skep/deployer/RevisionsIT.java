package dev.skep.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.RunningDeployer.Answer;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.deployer.direct.DirectStack;
import dev.skep.deployer.direct.RevisionConfigs;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.Codecs;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.RevisionBody;
import dev.skep.model.stack.RevisionEntry;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.WithKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Revisions that a deployer keeps, on a real broker and a real Engine. No task ever runs. */
@RequiresEngine(alone = true)
@WithKafka
class RevisionsIT {
  private static final String STACK = "dt-revisions";
  private static final String WEB = STACK + "_web";
  private static final String PATH = "/api/stacks/" + STACK;

  private static final String YAML =
      """
      services:
        web:
          image: haproxy:3.4
          environment: {V: "_V", PASSWORD: hunter_V}
          secrets: [s]
          networks: [host]
          deploy: {replicas: 0}
      networks: {host: {external: true}}
      secrets: {s: {file: secret.txt}}
      """;

  private final KafkaTest kafka;
  private final PrivateKeyRing keys = PrivateKeyRing.create();
  @RegisterExtension final LiveEngine engine = new LiveEngine();
  @TempDir Path dir;
  private RunningDeployer deployer;

  RevisionsIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void start() throws Exception {
    kafka.wipe();
    Files.writeString(dir.resolve("secret.txt"), "hunter");
    deployer = new RunningDeployer(kafka, engine.address(), keys);
  }

  @AfterEach
  void stop() {
    deployer.close();
  }

  private void restart() throws Exception {
    deployer.close();
    deployer = new RunningDeployer(kafka, engine.address(), keys);
  }

  private JsonNode deploy(String yaml, boolean back) {
    String body =
        "{\"objects\":%s,\"options\":{\"resolveImage\":\"never\",\"rollbackOnFailure\":%s},"
                .formatted(LiveEngine.objects(dir, STACK, yaml).toJson(), back)
            + "\"source\":{\"files\":[\"stack.yml\"]}}";
    Answer answer = deployer.post(PATH, body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    return deployer.done(answer.body().path("command").asText());
  }

  private void deploy(String version) {
    JsonNode done = deploy(YAML.replace("_V", version), false);
    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
  }

  private JsonNode rollback(String body) {
    Answer answer = deployer.post(PATH + "/rollback", body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    return deployer.done(answer.body().path("command").asText());
  }

  /** As soon as the view has them, which may be a moment after the deployment's end. */
  private JsonNode revisions(int newest) {
    return await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> deployer.get(PATH + "/revisions").body(),
            list ->
                list.path(0).path("number").asInt() == newest
                    && !list.path(0).path("phase").asText().equals("RUNNING"));
  }

  private String version() {
    return engine.environment(WEB).getLast();
  }

  @Test
  void eachDeploymentIsKeptOverARestartAndTheLastThreeAreKept() throws Exception {
    for (int i = 1; i <= 4; i++) {
      deploy(Integer.toString(i));
    }

    restart();

    JsonNode list = revisions(4);
    assertThat(list.valueStream().map(r -> r.path("number").asInt())).containsExactly(4, 3, 2);
    assertThat(list.at("/0/current").asBoolean()).isTrue();
    assertThat(list.at("/0/lastGood").asBoolean()).isTrue();
    assertThat(list.at("/0/source/files/0").asText()).isEqualTo("stack.yml");
    assertThat(list.at("/0/summary/updated").asInt()).isEqualTo(1);
    assertThat(list.at("/0/summary/changed/0/fields").toString())
        .contains("/TaskTemplate/ContainerSpec/Env/V");
    assertThat(rollback("{\"revision\":2}").path("state").asText()).isEqualTo("succeeded");
    assertThat(version()).isEqualTo("V=2");
    assertThat(revisions(5).at("/0/rollbackOf").asInt()).isEqualTo(2);
  }

  @Test
  void whatIsKeptIsSealedAndWhatIsShownIsMasked() {
    deploy("1");
    deploy("2");

    JsonNode one = deployer.get(PATH + "/revisions/1").body();
    assertThat(one.at("/objects/services/0/Name").asText()).isEqualTo(WEB);
    assertThat(one.toString()).contains("PASSWORD=***").doesNotContain("hunter", "aHVudGVy");
    JsonNode diff = deployer.get(PATH + "/revisions/1/diff/2").body();
    assertThat(diff.path("changes").asBoolean()).isTrue();
    assertThat(diff.toString()).contains("/Env/V", "/Env/PASSWORD").doesNotContain("hunter");
    try (TopicView<RevisionEntry> view =
        TopicView.open(
            deployer.platform(), "test", Topics.REVISIONS, Codecs.REVISIONS, change -> {})) {
      assertThat(view.awaitReady(Duration.ofSeconds(20))).isTrue();
      RevisionEntry body = view.get(RevisionBody.key(STACK, 1)).orElseThrow();
      assertThat(new String(Codecs.REVISIONS.write(body), StandardCharsets.UTF_8))
          .contains(STACK)
          .doesNotContain("hunter");
    }
  }

  @Test
  void aRemovedStackIsBroughtBackWithItsSecrets() {
    deploy("1");
    deployer.done(deployer.delete(PATH).body().path("command").asText());
    assertThat(engine.versions(STACK)).isEmpty();
    assertThat(revisions(2).at("/0/removal").asBoolean()).isTrue();

    JsonNode done = rollback("");

    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
    assertThat(engine.versions(STACK)).containsKeys("services/" + WEB, "secrets/dt-revisions_s");
    assertThat(revisions(3).at("/0/rollbackOf").asInt()).isEqualTo(1);
  }

  @Test
  void aFailureTakesTheStackBackOnceThoughTheDeployerIsStartedAnew() throws Exception {
    String agent = "services:\n  agent: {image: 'haproxy:3.4', networks: [host], deploy: {%s}}";
    String good = YAML.replace("_V", "1").replace("services:", agent.formatted("replicas: 0"));
    // Swarm refuses to make a replicated service a global one.
    String bad =
        YAML.replace("_V", "2")
            .replace("services:", agent.formatted("mode: global"))
            .replace(
                "services:",
                "services:\n  new: {image: 'haproxy:3.4', networks: [host], deploy: {replicas: 0}}");
    assertThat(deploy(good, true).path("state").asText()).isEqualTo("succeeded");

    JsonNode failed = deploy(bad, true);

    assertThat(failed.path("state").asText()).isEqualTo("failed");
    assertThat(failed.at("/deployment/steps").valueStream().map(s -> s.path("action").asText()))
        .contains("rolling-back");
    JsonNode back = deployer.done(failed.path("id").asText() + ".rollback");
    assertThat(back.path("state").asText()).as(back.toString()).isEqualTo("succeeded");
    assertThat(version()).isEqualTo("V=1");
    assertThat(engine.versions(STACK))
        .containsKeys("services/dt-revisions_agent", "services/" + WEB)
        .doesNotContainKey("services/dt-revisions_new");
    restart();
    assertThat(revisions(3).valueStream().map(r -> r.path("phase").asText()))
        .containsExactly("SUCCEEDED", "FAILED", "SUCCEEDED");
  }

  @Test
  void whatCannotBeAnsweredIsAProblem() {
    Answer unknown = deployer.get("/api/stacks/dt-nobody/revisions");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.contentType()).isEqualTo("application/problem+json");
    deploy("1");
    revisions(1);

    assertThat(deployer.get(PATH + "/revisions/7").status()).isEqualTo(404);
    assertThat(deployer.get(PATH + "/revisions/x").status()).isEqualTo(400);
    assertThat(deployer.post(PATH + "/rollback", "{\"revision\":\"x\"}").status()).isEqualTo(400);
    assertThat(deployer.post(PATH + "/rollback", "{\"revision\":7}").status()).isEqualTo(404);
    Answer nothing = deployer.post(PATH + "/rollback", "");
    assertThat(nothing.status()).isEqualTo(409);
    assertThat(nothing.body().path("detail").asText()).contains("no good revision before");
  }

  @Test
  void aRepeatedIdempotencyKeyRollsBackOnce() {
    deploy("1");
    deploy("2");
    revisions(2);
    String key = "back-once";

    deployer.post(PATH + "/rollback", "", "Idempotency-Key", key);
    deployer.done(key);
    deployer.post(PATH + "/rollback", "{\"revision\":1}", "Idempotency-Key", key);
    deploy("3");

    assertThat(revisions(4).at("/1/rollbackOf").asInt()).isEqualTo(1);
  }

  @Test
  void whatTheClusterKeptBeforeThereWasADeployerIsTakenOver() throws Exception {
    DirectStack direct = new DirectStack(engine.client(), Clock.systemUTC(), "tester");
    for (String version : List.of("1", "2")) {
      StackBody body =
          new StackBody(
              STACK,
              LiveEngine.objects(dir, STACK, YAML.replace("_V", version)),
              LiveEngine.OPTIONS);
      assertThat(direct.deploy(body, step -> {}).told()).isEmpty();
    }

    restart();

    assertThat(revisions(2)).hasSize(2);
    assertThat(new RevisionConfigs(engine.client()).of(STACK)).isEmpty();
    JsonNode done = rollback("");
    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
    assertThat(version()).isEqualTo("V=1");
    assertThat(done.at("/deployment/revision").asInt()).isEqualTo(3);
    // Who goes on without the deployer has a history of its own, which is left alone.
    StackBody body =
        new StackBody(
            STACK, LiveEngine.objects(dir, STACK, YAML.replace("_V", "9")), LiveEngine.OPTIONS);
    direct.deploy(body, step -> {});
    restart();
    assertThat(revisions(3)).hasSize(3);
    assertThat(direct.history(STACK)).extracting(Revision::number).containsExactly(1L);
  }

  @Test
  void whatIsStillBeingDeployedIsTakenOverWhenThatIsDone() throws Exception {
    DirectStack direct = new DirectStack(engine.client(), Clock.systemUTC(), "tester");
    StackBody body =
        new StackBody(
            STACK, LiveEngine.objects(dir, STACK, YAML.replace("_V", "1")), LiveEngine.OPTIONS);
    boolean[] restarted = {false};

    // As where the deployer's own stack is deployed without it.
    direct.deploy(
        body,
        step -> {
          if (!restarted[0]) {
            restarted[0] = true;
            try {
              restart();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }
        });

    assertThat(restarted[0]).isTrue();
    assertThat(revisions(1).at("/0/phase").asText()).isEqualTo("SUCCEEDED");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> new RevisionConfigs(engine.client()).of(STACK).isEmpty());
  }
}
