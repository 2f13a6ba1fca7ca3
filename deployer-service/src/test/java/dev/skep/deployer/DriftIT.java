package dev.skep.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.RunningDeployer.Answer;
import dev.skep.deployer.apply.Heal;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.direct.DirectStack;
import dev.skep.deployer.state.StackBody;
import dev.skep.engine.Query;
import dev.skep.model.Codecs;
import dev.skep.model.Condition;
import dev.skep.model.cluster.Service;
import dev.skep.model.stack.Stack;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.WithKafka;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What others change on a real Engine is told and, where that was asked for, set back. */
@RequiresEngine(alone = true)
@WithKafka
class DriftIT {
  private static final String STACK = "heal-drift";
  private static final String WEB = STACK + "_web";
  private static final String PATH = "/api/stacks/" + STACK;
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** No task ever runs: there is no such node. */
  private static final String YAML =
      """
      services:
        web:
          image: haproxy:3.4
          environment: {V: "_V", PASSWORD: hunter2}
          networks: [host]
          deploy: {replicas: 0, placement: {constraints: [node.labels.heal==never]}}
        worker:
          image: haproxy:3.4
          networks: [host]
          deploy: {replicas: 0}
      networks: {host: {external: true}}
      """;

  private final KafkaTest kafka;
  private final PrivateKeyRing keys = PrivateKeyRing.create();
  @RegisterExtension final LiveEngine engine = new LiveEngine("heal-");
  @TempDir Path dir;
  private RunningDeployer deployer;
  private TopicView<Stack> stacks;

  DriftIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void wipe() {
    kafka.wipe();
  }

  private void start() throws Exception {
    start(Duration.ofSeconds(1), Clock.systemUTC());
  }

  private void start(Duration resync, Clock clock) throws Exception {
    DeployerConfig config = new DeployerConfig(resync, Duration.ofMinutes(1), 4, 5, 5, "");
    deployer = new RunningDeployer(kafka, engine.address(), keys, config, clock);
    stacks =
        TopicView.open(deployer.platform(), "test", Topics.STACKS, Codecs.STACKS, change -> {});
  }

  @AfterEach
  void stop() {
    if (deployer != null) {
      stacks.close();
      deployer.close();
    }
  }

  private void deploy(String version, Heal heal) {
    String body =
        "{\"objects\":%s,\"options\":{\"resolveImage\":\"never\",\"wait\":false,\"heal\":\"%s\"}}"
            .formatted(
                LiveEngine.objects(dir, STACK, YAML.replace("_V", version)).toJson(), heal.text());
    Answer answer = deployer.post(PATH, body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    JsonNode done = deployer.done(answer.body().path("command").asText());
    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
    inSync("");
  }

  /** Waits until the condition says that nothing, or this, differs. */
  private String inSync(String differing) {
    return await("in sync: " + differing)
        .atMost(PATIENCE)
        .until(
            () ->
                stacks.get(STACK).map(Stack::conditions).orElse(List.of()).stream()
                    .filter(c -> c.type().equals(Stack.IN_SYNC))
                    .filter(c -> (c.status() == Condition.Status.TRUE) == differing.isEmpty())
                    .map(Condition::message)
                    .findFirst()
                    .orElse("?"),
            message -> differing.isEmpty() ? message.isEmpty() : message.startsWith(differing));
  }

  private JsonNode revisions(Predicate<JsonNode> until) {
    return await().atMost(PATIENCE).until(() -> deployer.get(PATH + "/revisions").body(), until);
  }

  /** Waits until the newest revision is this one's, and has ended. */
  private JsonNode newestBy(String by, int number) {
    return revisions(
        list ->
            list.at("/0/by").asText().equals(by)
                && list.at("/0/number").asInt() == number
                && list.at("/0/phase").asText().equals("SUCCEEDED"));
  }

  private void env(String value) {
    engine.change(
        WEB, spec -> container(spec).putArray("Env").add("PASSWORD=hunter2").add("V=" + value));
  }

  private static ObjectNode container(ObjectNode spec) {
    return (ObjectNode) spec.at("/TaskTemplate/ContainerSpec");
  }

  private String version() {
    return engine.environment(WEB).getLast();
  }

  private double inSyncMetric() {
    return deployer
        .platform()
        .metrics()
        .get("skep.stack.in.sync")
        .tag("stack", STACK)
        .gauge()
        .value();
  }

  private double healsMetric() {
    return deployer
        .platform()
        .metrics()
        .get("skep.stack.heals")
        .tag("stack", STACK)
        .tag("outcome", "succeeded")
        .counter()
        .count();
  }

  @Test
  void whatIsOnlyReportedIsToldByServiceAndFieldAndStays() throws Exception {
    start();
    deploy("1", Heal.REPORT);
    assertThat(inSyncMetric()).isEqualTo(1);

    engine.change(
        WEB,
        spec -> {
          container(spec).put("Image", "haproxy:9.9");
          container(spec).putArray("Env").add("PASSWORD=secret9").add("V=1");
        });
    engine.client().delete("/services/" + id(STACK + "_worker"), Query.none());

    String told =
        inSync(
            "web: TaskTemplate.ContainerSpec.Env.PASSWORD, TaskTemplate.ContainerSpec.Image;"
                + " worker: gone; ");
    assertThat(told).contains("deploy the stack again").doesNotContain("secret9", "hunter2");
    assertThat(inSyncMetric()).isZero();
    assertThat(deployer.get(PATH + "/revisions").body()).hasSize(1);
    assertThat(engine.environment(WEB)).contains("PASSWORD=secret9");
  }

  @Test
  void whatPeopleRestartIsNoDrift() throws Exception {
    start();
    deploy("1", Heal.RESTORE);

    engine.change(WEB, spec -> ((ObjectNode) spec.path("TaskTemplate")).put("ForceUpdate", 7));
    env("2");

    newestBy("heal", 2);
    inSync("");
    assertThat(engine.spec(WEB).at("/TaskTemplate/ForceUpdate").asInt()).isEqualTo(7);
    assertThat(version()).isEqualTo("V=1");
  }

  @Test
  void whatIsToBeRestoredIsSetBackAndRecordedOnce() throws Exception {
    start();
    deploy("0", Heal.RESTORE);
    deploy("1", Heal.RESTORE);

    restored(3, spec -> container(spec).put("Image", "haproxy:9.9"));
    restored(4, spec -> container(spec).putArray("Env").add("V=2"));
    restored(5, spec -> ((ObjectNode) spec.at("/Mode/Replicated")).put("Replicas", 3));
    engine.client().delete("/services/" + id(STACK + "_worker"), Query.none());
    newestBy("heal", 6);
    inSync("");
    JsonNode list = revisions(kept -> kept.size() == 3);

    assertThat(container(engine.spec(WEB)).path("Image").asText()).isEqualTo("haproxy:3.4");
    assertThat(engine.environment(WEB)).containsExactly("PASSWORD=hunter2", "V=1");
    assertThat(engine.spec(WEB).at("/Mode/Replicated/Replicas").asInt()).isZero();
    assertThat(engine.versions(STACK)).containsKey("services/" + STACK + "_worker");
    assertThat(list.valueStream().map(r -> r.path("number").asInt())).containsExactly(6, 2, 1);
    assertThat(list.at("/0/rollbackOf").asInt()).isEqualTo(2);
    assertThat(list.at("/0/options/healed").asText()).isEqualTo("worker");
    await().atMost(PATIENCE).until(() -> healsMetric() == 4);
    JsonNode back = rollback();
    assertThat(back.at("/0/rollbackOf").asInt()).isEqualTo(1);
    assertThat(version()).isEqualTo("V=0");
  }

  private void restored(int revision, Consumer<ObjectNode> change) {
    engine.change(WEB, change);
    newestBy("heal", revision);
    inSync("");
  }

  private StackObjects objects(String yaml) {
    return LiveEngine.objects(dir, STACK, yaml);
  }

  private JsonNode rollback() {
    Answer answer = deployer.post(PATH + "/rollback", "");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    deployer.done(answer.body().path("command").asText());
    return newestBy("root", 7);
  }

  @Test
  void whatIsDeployedStraightToTheEngineIsTakenOverAndNotTakenBack() throws Exception {
    start();
    deploy("1", Heal.RESTORE);
    DirectStack direct = new DirectStack(engine.client(), Clock.systemUTC(), "tester");

    StackBody body =
        new StackBody(
            STACK, objects(YAML.replace("_V", "9")), LiveEngine.OPTIONS.with(Heal.RESTORE));
    assertThat(direct.deploy(body, step -> {}).told()).isEmpty();

    newestBy("direct:tester", 2);
    inSync("");
    assertThat(version()).isEqualTo("V=9");
    env("10");
    JsonNode list = newestBy("heal", 3);
    inSync("");
    assertThat(version()).isEqualTo("V=9");
    assertThat(list.at("/0/rollbackOf").asInt()).isEqualTo(2);
  }

  @Test
  void whatFailedStraightOnTheEngineIsLeftToPeopleAndARemovalStaysOne() throws Exception {
    start();
    deploy("1", Heal.RESTORE);
    DirectStack direct = new DirectStack(engine.client(), Clock.systemUTC(), "tester");
    // Swarm refuses to make a replicated service a global one.
    String bad = YAML.replace("_V", "9").replace("replicas: 0}", "mode: global}");

    StackBody body = new StackBody(STACK, objects(bad), LiveEngine.OPTIONS);
    assertThat(direct.deploy(body, step -> {}).error()).contains("worker");

    assertThat(inSync("web: TaskTemplate.ContainerSpec.Env.V; not restored: what tester deployed"))
        .contains("failed; deploy the stack again");
    assertThat(deployer.get(PATH + "/revisions").body()).hasSize(1);
    direct.remove(STACK, step -> {});
    await().atMost(PATIENCE).until(() -> stacks.get(STACK).isEmpty());
    assertThat(engine.versions(STACK)).isEmpty();
  }

  @Test
  void aDeploymentThroughTheSuiteIsNotTakenBackEither() throws Exception {
    start();
    deploy("1", Heal.RESTORE);

    // As drift is being restored.
    env("2");
    deploy("3", Heal.RESTORE);

    assertThat(version()).isEqualTo("V=3");
    assertThat(deployer.get(PATH + "/revisions").body().at("/0/by").asText()).isEqualTo("root");
  }

  @Test
  void whoeverChangesTheSameAgainAndAgainIsAnsweredMoreAndMoreSlowly() throws Exception {
    StoppedClock clock = new StoppedClock(Instant.parse("2026-11-22T10:00:00Z"));
    start(Duration.ofSeconds(1), clock);
    deploy("1", Heal.RESTORE);
    env("2");
    newestBy("heal", 2);
    inSync("");

    env("3");
    String first =
        inSync("web: TaskTemplate.ContainerSpec.Env.V; restored before and changed again");
    clock.advance(Duration.ofSeconds(60));
    newestBy("heal", 3);
    inSync("");
    env("4");
    String second =
        inSync(
            "web: TaskTemplate.ContainerSpec.Env.V; restored before and changed again (2 in a row)");

    assertThat(first).endsWith("(1 in a row): restored again at 2026-11-22T10:01:00Z");
    assertThat(second).endsWith(": restored again at 2026-11-22T10:03:00Z");
    assertThat(version()).isEqualTo("V=4");
  }

  @Test
  void driftIsSeenWhenTheInventoryTellsOfAService() throws Exception {
    start(Duration.ofHours(1), Clock.systemUTC());
    deploy("1", Heal.REPORT);
    env("2");

    try (Writer inventory = Writer.open(deployer.platform(), "inventory")) {
      JsonNode live = engine.service(WEB);
      Service service =
          new Service(
              live.path("ID").asText(),
              WEB,
              STACK,
              Map.of(),
              Service.Mode.REPLICATED,
              0,
              "haproxy:3.4",
              List.of(),
              List.of(),
              true,
              false,
              Map.of(),
              null,
              Instant.EPOCH,
              Instant.EPOCH,
              live.at("/Version/Index").asLong());
      inventory.publish(
          List.of(
              Write.put(Topics.SERVICES, Codecs.SERVICES, service.id(), service, "changed", null)));

      inSync("web: TaskTemplate.ContainerSpec.Env.V; ");
      engine.client().delete("/services/" + service.id(), Query.none());
      inventory.publish(List.of(Write.delete(Topics.SERVICES, Codecs.SERVICES, service.id())));
      inSync("web: gone; ");
    }
  }

  private String id(String service) {
    return engine.service(service).path("ID").asText();
  }
}
