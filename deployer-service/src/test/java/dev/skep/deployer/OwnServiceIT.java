package dev.skep.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.RunningDeployer.Answer;
import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The deployer updates the stack that it is a part of. Its own service here is one of real tasks
 * that only sleep: what the process does and what becomes of it is played by this test.
 */
@RequiresEngine
@RequiresImage("haproxy:3.4")
@WithKafka
class OwnServiceIT {
  private static final String STACK = "dt-own";
  private static final String OWN = "dt-own_deployer";

  /** %1$s marks the version of all, %2$s the image of the deployer. */
  private static final String SUITE =
      """
      x-sleep: &sleep
        image: haproxy:3.4
        entrypoint: [sleep, "1000"]
        stop_grace_period: 0s
        # No network to be made and left: that takes seconds.
        networks: [host]
        environment: {VERSION: "%1$s"}
      services:
        a: {<<: *sleep, deploy: {update_config: {monitor: 500ms}}}
        broker: {<<: *sleep, deploy: {replicas: 0, labels: {dev.skep.update: manual}}}
        deployer:
          <<: *sleep
          image: %2$s
          deploy: {update_config: {monitor: 500ms, failure_action: rollback}}
      networks: {host: {external: true}}
      """;

  private final KafkaTest kafka;
  private final PrivateKeyRing keys = PrivateKeyRing.create();
  @RegisterExtension final LiveEngine engine = new LiveEngine();
  @TempDir Path dir;
  private RunningDeployer deployer;

  OwnServiceIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void start() throws Exception {
    kafka.wipe();
    ApplyResult made =
        engine
            .applier()
            .apply(STACK, LiveEngine.objects(dir, STACK, suite("1")), LiveEngine.OPTIONS);
    assertThat(made.error()).isEmpty();
    awaitRunning("dt-own_a");
    awaitRunning(OWN);
    run();
  }

  private void run() throws Exception {
    deployer = new RunningDeployer(kafka, engine.address(), keys, OWN);
  }

  @AfterEach
  void stop() {
    deployer.close();
  }

  private static String suite(String version) {
    return SUITE.formatted(version, "haproxy:3.4");
  }

  private String submit(String yaml, boolean includeHeld) {
    String body =
        "{\"objects\":%s,\"options\":{\"resolveImage\":\"never\",\"includeHeld\":%s}}"
            .formatted(LiveEngine.objects(dir, STACK, yaml).toJson(), includeHeld);
    Answer answer = deployer.post("/api/stacks/" + STACK, body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    return answer.body().path("command").asText();
  }

  private void awaitRunning(String service) {
    await(service).atMost(Duration.ofSeconds(60)).until(() -> engine.running(service) == 1);
  }

  private static List<String> steps(JsonNode state) {
    return StreamSupport.stream(state.at("/deployment/steps").spliterator(), false)
        .filter(s -> s.path("kind").asText().equals("service"))
        .map(s -> s.path("name").asText() + " " + s.path("action").asText())
        .toList();
  }

  @Test
  void itsOwnServiceIsUpdatedAfterTheOthersRun() {
    String id = submit(suite("2"), false);

    JsonNode done = deployer.done(id);

    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
    assertThat(steps(done))
        .containsExactly("dt-own_a updated", "dt-own_broker held", "dt-own_deployer updated");
    assertThat(engine.updatedAt(OWN)).isAfter(engine.updateCompletedAt("dt-own_a"));
  }

  @Test
  void theProcessThatComesAfterItsOwnUpdateEndsTheDeployment() throws Exception {
    String id = submit(suite("2"), false);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> engine.environment(OWN).contains("VERSION=2"));
    deployer.close();

    run();

    JsonNode done = deployer.done(id);
    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
    assertThat(steps(done)).contains("dt-own_a updated", "dt-own_deployer updated");
    assertThat(deployer.get("/api/deployments/" + STACK).body()).hasSize(1);
    // Asked for once: another update would have replaced the spec before it by itself.
    assertThat(engine.previousEnvironment(OWN)).contains("VERSION=1");
  }

  @Test
  void anOwnUpdateThatSwarmTakesBackHasFailedAndIsNotTriedAgain() throws Exception {
    String id = submit(SUITE.formatted("2", "dt-no-such-image:1"), false);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> engine.service(OWN).at("/UpdateStatus/State").asText(),
            "rollback_completed"::equals);
    // As the old image's process, which Swarm has started again.
    deployer.close();
    run();

    JsonNode done = deployer.done(id);

    assertThat(done.path("state").asText()).isEqualTo("failed");
    assertThat(done.path("error").asText()).contains(OWN).contains("rollback_completed");
    assertThat(engine.environment(OWN)).contains("VERSION=1");
    long version = engine.service(OWN).at("/Version/Index").asLong();
    JsonNode again = deployer.done(submit(suite("1"), false));
    assertThat(steps(again)).contains("dt-own_deployer unchanged");
    assertThat(engine.service(OWN).at("/Version/Index").asLong()).isEqualTo(version);
  }

  @Test
  void oneVersionBackIsAnotherDeployment() {
    deployer.done(submit(suite("2"), false));

    JsonNode back = deployer.done(submit(suite("1"), false));

    assertThat(back.path("state").asText()).isEqualTo("succeeded");
    assertThat(engine.environment(OWN)).contains("VERSION=1");
    assertThat(engine.environment("dt-own_a")).contains("VERSION=1");
  }

  @Test
  void whatIsUpdatedByHandWaitsUntilItIsAskedFor() {
    JsonNode held = deployer.done(submit(suite("2"), false));

    assertThat(held.at("/deployment/steps").toString())
        .contains("Env would change; --include-held does it");
    assertThat(engine.environment("dt-own_broker")).contains("VERSION=1");

    JsonNode asked = deployer.done(submit(suite("2"), true));

    assertThat(steps(asked))
        .containsExactly(
            "dt-own_a unchanged", "dt-own_broker updated", "dt-own_deployer unchanged");
    assertThat(engine.environment("dt-own_broker")).contains("VERSION=2");
  }

  @Test
  void whatIsDoneIsSeenWhileItGoesOn() {
    // Its tasks find no node, so that the deployer's own turn does not come.
    String waits =
        suite("2")
            .replace(
                "a: {<<: *sleep, deploy: {",
                "a: {<<: *sleep, deploy: {placement: {constraints: [node.labels.dt==x]}, ");

    String id = submit(waits, false);

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              JsonNode state = deployer.get("/api/commands/" + id).body();
              assertThat(state.path("state").asText()).isEqualTo("running");
              assertThat(steps(state)).contains("dt-own_a updated", "dt-own_broker held");
            });
    assertThat(engine.environment(OWN)).contains("VERSION=1");
  }

  @Test
  void itsOwnStackIsNotRemovedByItself() {
    deployer.done(submit(suite("1"), false));

    String id = deployer.delete("/api/stacks/" + STACK).body().path("command").asText();

    JsonNode done = deployer.done(id);
    assertThat(done.path("state").asText()).isEqualTo("failed");
    assertThat(done.path("error").asText()).contains("skep stack rm --direct");
    assertThat(engine.versions(STACK)).containsKey("services/" + OWN);
    assertThat(deployer.get("/api/deployments/" + STACK).body())
        .extracting(d -> d.path("phase").asText())
        .containsExactly(Phase.SUCCEEDED.name());
  }
}
