package dev.skep.deployer.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.WithKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A deployer is killed with SIGKILL at a moment that is chosen by what it asks of the Engine, and
 * another process takes over: what comes of it is what would have come of it anyway. Each test goes
 * on with the process that the one before has left, and with a stack of its own.
 */
@RequiresEngine
@RequiresImage("haproxy:3.4")
@WithKafka
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeployerKilledIT {
  private static final int SERVICES = 12;

  /** On a network, a secret and a config of its own; _V marks the version, _E the services. */
  private static final String YAML =
      """
      x-service: &service
        image: haproxy:3.4
        environment: {V: "_V"}
        networks: [n]
        secrets: [s]
        configs: [c]
        deploy: {replicas: 0}
      services:
      _E
      networks: {n: {}}
      secrets: {s: {file: secret.txt}}
      configs: {c: {content: "config-_V"}}
      """;

  /** Runs nowhere until its constraint is taken away. */
  private static final String WAITS =
      """
      services:
        web:
          image: haproxy:3.4
          entrypoint: [sleep, "1000"]
          stop_grace_period: 0s
          networks: [host]
          deploy:
            update_config: {monitor: 500ms}
            placement: {constraints: [node.labels.ft-nowhere==x]}
      networks: {host: {external: true}}
      """;

  private final KafkaTest kafka;
  @RegisterExtension final LiveEngine engine = new LiveEngine(FaultStacks.PREFIX);
  @TempDir static Path dir;
  private FaultyEngine faulty;
  private DeployerProcess deployer;

  DeployerKilledIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeAll
  void start() throws Exception {
    kafka.wipe();
    faulty = new FaultyEngine(engine.address());
    deployer = process().await("/health/ready");
  }

  private DeployerProcess process() throws IOException {
    return new DeployerProcess(kafka.bootstrapServers(), faulty.address(), dir);
  }

  /** SIGKILL, and a new process that takes over. */
  private void takeOver() throws Exception {
    deployer.kill();
    deployer.close();
    faulty.thaw();
    deployer = process().await("/health/ready");
  }

  /** A test that failed leaves a process that others can go on with. */
  @AfterEach
  void letEverythingThrough() {
    faulty.thaw();
  }

  @AfterAll
  void stop() {
    deployer.close();
    faulty.close();
  }

  private static String yaml(int services, String version) {
    List<String> lines =
        IntStream.rangeClosed(1, services).mapToObj("  s%02d: *service"::formatted).toList();
    return YAML.replace("_E", String.join("\n", lines)).replace("_V", version);
  }

  private static String body(String stack, String yaml, String options) throws IOException {
    Files.writeString(dir.resolve("secret.txt"), "hunter-" + yaml.hashCode());
    return "{\"objects\":%s,\"options\":{\"resolveImage\":\"never\"%s}}"
        .formatted(LiveEngine.objects(dir, stack, yaml).toBody(), options);
  }

  private String deploy(String stack, String yaml) throws IOException {
    return deployer.deploy(stack, body(stack, yaml, ""));
  }

  private void succeeds(String command) {
    JsonNode done = deployer.done(command);
    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
  }

  /** Each object of the stack once, by kind and name. */
  private void assertThereAre(String stack, int services, String... more) {
    List<String> expected = new ArrayList<>(List.of(more));
    for (String one : List.of("configs/%s_c", "networks/%s_n", "secrets/%s_s")) {
      expected.add(one.formatted(stack));
    }
    IntStream.rangeClosed(1, services)
        .forEach(i -> expected.add("services/%s_s%02d".formatted(stack, i)));
    assertThat(engine.objects(stack)).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** The history as it is when its newest revision has ended: "number phase", newest first. */
  private List<String> history(String stack) {
    JsonNode list =
        await()
            .atMost(Duration.ofSeconds(10))
            .until(
                () -> deployer.get("/api/stacks/" + stack + "/revisions"),
                l -> !l.at("/0/phase").asText("RUNNING").equals("RUNNING"));
    return list.valueStream()
        .map(r -> r.path("number").asInt() + " " + r.path("phase").asText())
        .toList();
  }

  private long lastGood(String stack) {
    return deployer
        .get("/api/stacks/" + stack + "/revisions")
        .valueStream()
        .filter(r -> r.path("lastGood").asBoolean())
        .mapToLong(r -> r.path("number").asLong())
        .findFirst()
        .orElse(0);
  }

  private List<String> steps(String command) {
    return deployer
        .get("/api/commands/" + command)
        .at("/deployment/steps")
        .valueStream()
        .map(s -> s.path("action").asText() + " " + s.path("name").asText())
        .toList();
  }

  @Test
  void acceptedAndNotYetFolded() throws Exception {
    String stack = "ft-accepted";
    deployer.close();
    // What the cluster keeps of revisions is read before the first command is folded.
    faulty.freezeAt(1, false, c -> c.path().equals("/configs"));
    deployer = process().await("/health/live");
    String id = deploy(stack, yaml(2, "1"));
    faulty.awaitFrozen();

    takeOver();

    succeeds(id);
    assertThereAre(stack, 2);
    assertThat(history(stack)).containsExactly("1 SUCCEEDED");
  }

  @Test
  void foldedAndNothingAskedOfTheEngine() throws Exception {
    String stack = "ft-folded";
    faulty.freezeAt(1, false, c -> c.lists("services", stack));
    String id = deploy(stack, yaml(2, "1"));
    faulty.awaitFrozen();

    takeOver();

    succeeds(id);
    assertThereAre(stack, 2);
    assertThat(history(stack)).containsExactly("1 SUCCEEDED");
    assertThat(lastGood(stack)).isEqualTo(1);
  }

  @Test
  void betweenTheRotatedFilesAndTheServicesThatUseThem() throws Exception {
    String stack = "ft-rotated";
    succeeds(deploy(stack, yaml(2, "1")));
    faulty.freezeAt(1, false, FaultyEngine.Call::updatesService);
    String id = deploy(stack, yaml(2, "2"));
    faulty.awaitFrozen();
    List<String> between = engine.objects(stack);

    takeOver();

    succeeds(id);
    assertThat(between).as("with a config and a secret more than at first").hasSize(7);
    assertThat(engine.objects(stack)).isEqualTo(between);
    for (String service : List.of("ft-rotated_s01", "ft-rotated_s02")) {
      assertThat(engine.environment(service)).containsExactly("V=2");
      JsonNode container = engine.spec(service).at("/TaskTemplate/ContainerSpec");
      assertThat(container.at("/Configs/0/ConfigName").asText()).startsWith(stack + "_c-");
      assertThat(container.at("/Secrets/0/SecretName").asText()).startsWith(stack + "_s-");
    }
    assertThat(history(stack)).containsExactly("2 SUCCEEDED", "1 SUCCEEDED");
  }

  @Test
  void inTheMiddleOfTwelveServices() throws Exception {
    String stack = "ft-twelve";
    // The sixth is made, and the process never learns of it.
    faulty.freezeAt(6, true, c -> c.creates("services"));
    String id = deploy(stack, yaml(SERVICES, "1"));
    faulty.awaitFrozen();
    int before = (int) engine.objects(stack).stream().filter(o -> o.startsWith("serv")).count();

    takeOver();

    succeeds(id);
    assertThat(before).isBetween(1, SERVICES - 1);
    assertThereAre(stack, SERVICES);
    assertThat(engine.previousSpecs(stack)).as("updated without need").isEmpty();
    assertThat(history(stack)).containsExactly("1 SUCCEEDED");
    // Whoever was made before the kill was not asked for again.
    assertThat(
            faulty.carriedOut().stream()
                .filter(c -> c.creates("services") && c.body().contains(stack + "_")))
        .hasSize(SERVICES);
  }

  @Test
  void whileItWaitsForAServiceToRun() throws Exception {
    String stack = "ft-gate";
    faulty.freezeAt(2, false, c -> c.path().equals("/tasks"));
    String id = deploy(stack, WAITS);
    faulty.awaitFrozen();

    takeOver();

    await().atMost(Duration.ofSeconds(30)).until(() -> steps(id).contains("unchanged ft-gate_web"));
    assertThat(deployer.get("/api/commands/" + id).path("state").asText()).isEqualTo("running");
    engine.change(
        stack + "_web",
        spec -> ((ObjectNode) spec.at("/TaskTemplate/Placement")).putArray("Constraints"));
    succeeds(id);
    assertThat(history(stack)).containsExactly("1 SUCCEEDED");
  }

  @Test
  void whileItWaitsForAServiceThatFails() throws Exception {
    String stack = "ft-fails";
    faulty.freezeAt(2, false, c -> c.path().equals("/tasks"));
    String id = deployer.deploy(stack, body(stack, WAITS, ",\"timeoutSeconds\":2"));
    faulty.awaitFrozen();

    takeOver();

    JsonNode done = deployer.done(id);
    assertThat(done.path("state").asText()).isEqualTo("failed");
    assertThat(done.path("error").asText()).contains("ft-fails_web", "after 2 s");
    assertThat(history(stack)).containsExactly("1 FAILED");
    assertThat(lastGood(stack)).isZero();
  }

  @Test
  void allIsDoneAndNotWrittenDown() throws Exception {
    String stack = "ft-done";
    // Once as it begins, once for the record of what runs.
    faulty.freezeAt(2, false, c -> c.lists("secrets", stack));
    String id = deploy(stack, yaml(2, "1"));
    faulty.awaitFrozen();
    Map<String, Long> made = engine.settledVersions(stack);

    takeOver();

    succeeds(id);
    assertThat(engine.versions(stack)).isEqualTo(made);
    assertThat(history(stack)).containsExactly("1 SUCCEEDED");
    assertThat(lastGood(stack)).isEqualTo(1);
  }

  @Test
  void betweenAFailureAndGoingBack() throws Exception {
    String stack = "ft-back";
    String service =
        "services: {a: {image: 'haproxy:3.4', environment: {V: '%s'}, networks: [host], deploy: {%s}}%s}";
    String host = "\nnetworks: {host: {external: true}}";
    String good = service.formatted("1", "replicas: 0", "") + host;
    // Swarm refuses to make a replicated service a global one.
    String bad =
        service.formatted(
                "2",
                "mode: global",
                ", b: {image: 'haproxy:3.4', networks: [host], deploy: {replicas: 0}}")
            + host;
    succeeds(deployer.deploy(stack, body(stack, good, "")));
    // When the update was refused, all is read anew to go back.
    AtomicBoolean refused = new AtomicBoolean();
    faulty.freezeAt(
        1,
        false,
        c -> {
          refused.compareAndSet(false, c.updatesService() && c.body().contains("\"Global\""));
          return refused.get() && c.lists("secrets", stack);
        });
    String id = deployer.deploy(stack, body(stack, bad, ",\"rollbackOnFailure\":true"));
    faulty.awaitFrozen();
    assertThat(deployer.done(id).path("state").asText()).isEqualTo("failed");

    takeOver();

    succeeds(id + ".rollback");
    assertThat(engine.objects(stack)).containsExactly("services/ft-back_a");
    assertThat(engine.environment("ft-back_a")).containsExactly("V=1");
    assertThat(history(stack)).containsExactly("3 SUCCEEDED", "2 FAILED", "1 SUCCEEDED");
    assertThat(lastGood(stack)).isEqualTo(3);
  }

  @Test
  void inTheMiddleOfARemoval() throws Exception {
    String stack = "ft-removal";
    succeeds(deploy(stack, yaml(4, "1")));
    faulty.freezeAt(2, true, c -> c.removes("services"));
    String id = deployer.remove(stack);
    faulty.awaitFrozen();

    takeOver();

    succeeds(id);
    assertThat(engine.objects(stack)).isEmpty();
    assertThat(deployer.get("/api/stacks/" + stack + "/revisions").at("/0/removal").asBoolean())
        .isTrue();
    assertThat(history(stack)).containsExactly("2 SUCCEEDED", "1 SUCCEEDED");
    assertThat(lastGood(stack)).isEqualTo(1);
  }
}
