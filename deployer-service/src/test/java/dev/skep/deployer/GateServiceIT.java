package dev.skep.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.RunningDeployer.Answer;
import dev.skep.deployer.apply.LiveEngine;
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

/** The deployer waits for services, and for nobody's cost. */
@RequiresEngine
@RequiresImage("haproxy:3.4")
@WithKafka
class GateServiceIT {
  private static final String STACK = "dt-gs";

  /** Runs nowhere until its constraint is taken away; %s is any. */
  private static final String WAITS =
      """
      services:
        web:
          image: haproxy:3.4
          entrypoint: [sleep, "1000"]
          stop_grace_period: 0s
          networks: [host]
          environment: {V: "%s"}
          deploy:
            update_config: {monitor: 500ms}
            placement: {constraints: [node.labels.dt-nowhere==x]}
      networks: {host: {external: true}}
      """;

  private final KafkaTest kafka;
  private final PrivateKeyRing keys = PrivateKeyRing.create();
  @RegisterExtension final LiveEngine engine = new LiveEngine();
  @TempDir Path dir;
  private RunningDeployer deployer;

  GateServiceIT(KafkaTest kafka) {
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

  private String submit(String stack, String yaml, String options) {
    String body =
        "{\"objects\":%s,\"options\":{\"resolveImage\":\"never\"%s}}"
            .formatted(LiveEngine.objects(dir, stack, yaml).toBody(), options);
    Answer answer = deployer.post("/api/stacks/" + stack, body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    return answer.body().path("command").asText();
  }

  private List<String> steps(String command) {
    JsonNode state = deployer.get("/api/commands/" + command).body();
    return StreamSupport.stream(state.at("/deployment/steps").spliterator(), false)
        .map(s -> s.path("action").asText() + " " + s.path("name").asText())
        .toList();
  }

  private void awaitStep(String command, String step) {
    await(step).atMost(Duration.ofSeconds(30)).until(() -> steps(command).contains(step));
  }

  private void free(String service) {
    engine.change(
        service, spec -> ((ObjectNode) spec.at("/TaskTemplate/Placement")).putArray("Constraints"));
  }

  @Test
  void aDeploymentIsDoneWhenItsServicesAreAndItsStepsTellMeanwhile() {
    String id = submit(STACK, WAITS.formatted("1"), "");
    awaitStep(id, "created dt-gs_web");
    assertThat(deployer.get("/api/commands/" + id).body().path("state").asText())
        .isEqualTo("running");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              JsonNode awaited = deployer.get("/api/commands/" + id).body().path("awaited");
              assertThat(awaited.at("/services/0/name").asText()).isEqualTo("dt-gs_web");
              assertThat(awaited.at("/services/0/words").asText()).isEqualTo("0/1 running");
              assertThat(awaited.at("/services/0/cause").asText())
                  .contains("the placement constraints leave out 1 node");
            });

    free("dt-gs_web");

    JsonNode done = deployer.done(id);
    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
    assertThat(done.at("/awaited/services")).isEmpty();
  }

  @Test
  void aDeploymentWhoseTimeIsOverHasFailedWithTheReasons() {
    JsonNode done = deployer.done(submit(STACK, WAITS.formatted("1"), ",\"timeoutSeconds\":2"));

    assertThat(done.path("state").asText()).isEqualTo("failed");
    assertThat(done.path("error").asText())
        .contains("dt-gs_web", "after 2 s", "the placement constraints leave out 1 node");
    assertThat(done.at("/deployment/steps").toString()).contains("unsettled");
  }

  @Test
  void whoDoesNotWantToWaitDoesNot() {
    JsonNode done = deployer.done(submit(STACK, WAITS.formatted("1"), ",\"wait\":false"));

    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
  }

  @Test
  void theProcessThatComesAfterOneThatWaitedWaitsOn() throws Exception {
    String id = submit(STACK, WAITS.formatted("1"), "");
    awaitStep(id, "created dt-gs_web");
    deployer.close();

    deployer = new RunningDeployer(kafka, engine.address(), keys);

    awaitStep(id, "unchanged dt-gs_web");
    assertThat(deployer.get("/api/commands/" + id).body().path("state").asText())
        .isEqualTo("running");
    free("dt-gs_web");
    assertThat(deployer.done(id).path("state").asText()).isEqualTo("succeeded");
  }

  @Test
  void aNewerRevisionEndsTheWaitAtOnce() {
    String first = submit(STACK, WAITS.formatted("1"), "");
    awaitStep(first, "created dt-gs_web");

    String second =
        submit(STACK, WAITS.formatted("2").replace("deploy:", "deploy:\n      replicas: 0"), "");

    assertThat(deployer.done(second).path("state").asText()).isEqualTo("succeeded");
    assertThat(deployer.done(first).path("error").asText()).isEqualTo("overtaken by revision 2");
  }

  @Test
  void stacksThatWaitAreInNoOthersWay() {
    for (int i = 1; i <= 5; i++) {
      awaitStep(submit(STACK + i, WAITS.formatted("1"), ""), "created dt-gs" + i + "_web");
    }

    String other =
        submit(STACK, WAITS.formatted("1").replace("deploy:", "deploy:\n      replicas: 0"), "");

    assertThat(deployer.done(other).path("state").asText()).isEqualTo("succeeded");
  }
}
