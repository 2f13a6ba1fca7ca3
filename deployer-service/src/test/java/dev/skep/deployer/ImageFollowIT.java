package dev.skep.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.RunningDeployer.Answer;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.deployer.image.ImageConfig;
import dev.skep.deployer.image.LocalRegistry;
import dev.skep.deployer.image.policy.HostAliases;
import dev.skep.deployer.plan.ImagePins;
import dev.skep.model.Codecs;
import dev.skep.model.Json;
import dev.skep.model.command.Command;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.config.Secret;
import dev.skep.runtime.kafka.PlainPublisher;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.Ports;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.WithKafka;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a push to the Engine: a real registry that tells, a real broker and a real Engine. */
@RequiresEngine
@RequiresImage({"haproxy:3.4", LocalRegistry.IMAGE})
@WithKafka
class ImageFollowIT {
  private static final String STACK = "image-follow-it";
  private static final String SECRET = "the secret of the registry";
  private static final String SLEEPS = "[\"sleep\", \"1000\"]";
  private static final String FAILS = "[\"false\"]";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration NEVER = Duration.ofHours(1);
  private static final int DOOR = Ports.free();

  @TempDir static Path shared;
  private static LocalRegistry registry;

  private final KafkaTest kafka;
  private final PrivateKeyRing keys = PrivateKeyRing.create();
  private final LiveEngine engine = new LiveEngine();
  @TempDir Path dir;
  private RunningDeployer deployer;

  ImageFollowIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeAll
  static void startRegistry() {
    registry =
        new LocalRegistry(
            shared, URI.create("http://127.0.0.1:" + DOOR + "/hooks/registry"), SECRET);
  }

  @AfterAll
  static void stopRegistry() {
    if (registry != null) {
      registry.close();
    }
  }

  @BeforeEach
  void clean() throws Exception {
    kafka.wipe();
    engine.applier().remove(STACK, s -> {});
  }

  @AfterEach
  void stop() {
    if (deployer != null) {
      deployer.close();
    }
    engine.applier().remove(STACK, s -> {});
  }

  private void run(Duration poll, String secret) throws Exception {
    ImageConfig images =
        new ImageConfig(poll, new Secret(secret), HostAliases.NONE, Set.of(registry.host()), "");
    deployer = new RunningDeployer(kafka, engine.address(), keys, images, DOOR);
  }

  /** A service for each name, image and label; a label may be empty. */
  private void deploy(String options, String... services) {
    StringBuilder yaml = new StringBuilder("services:\n");
    for (int n = 0; n < services.length; n += 3) {
      yaml.append(
          """
            %s:
              image: %s/%s
              stop_grace_period: 0s
              deploy:
                labels: {dev.skep.image: "%s"}
                restart_policy: {condition: none}
                update_config: {monitor: 1s}
          """
              .formatted(services[n], registry.host(), services[n + 1], services[n + 2]));
    }
    String body =
        "{\"objects\":%s,\"options\":{\"timeoutSeconds\":40%s}}"
            .formatted(LiveEngine.objects(dir, STACK, yaml.toString()).toBody(), options);
    Answer answer = deployer.post("/api/stacks/" + STACK, body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    JsonNode done = deployer.done(answer.body().path("command").asText());
    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
  }

  @Test
  void aPushRollsTheServicesThatFollowTheTagAndNoOthers() throws Exception {
    String first = registry.push("rolled:1", SLEEPS);
    String other = registry.push("other:1", SLEEPS);
    run(NEVER, SECRET);
    deploy(
        "", "web", "rolled:1", "digest", "fixed", "rolled:1", "none", "other", "other:1", "digest");
    awaitState("web", "current");
    awaitState("other", "current");
    assertThat(List.of(image("web"), image("fixed"), image("other")))
        .containsExactly(first, first, other);
    long fixed = version("fixed");
    long others = version("other");

    String second = registry.push("rolled:1", SLEEPS);
    long pushed = System.nanoTime();

    awaitImage("web", second);
    System.out.printf(
        "from the end of a push to the first API call: %d ms at most%n",
        Duration.ofNanos(System.nanoTime() - pushed).toMillis());
    awaitDeployments("registry succeeded", "root succeeded");
    assertThat(List.of(version("fixed"), version("other"))).containsExactly(fixed, others);
    awaitState("web", "current");
    JsonNode newest = deployer.get("/api/stacks/" + STACK + "/revisions").body();
    assertThat(newest.findValue("options").path("image." + STACK + "_web").asText())
        .isEqualTo(second);

    // A push that is told of again is a hint that leads to nothing.
    assertThat(tell("rolled", "1", SECRET).body().path("images").asInt()).isEqualTo(1);
    assertThat(tell("unknown", "1", SECRET).body().path("images").asInt()).isZero();
    awaitAskedAgain("web");
    assertThat(deployments()).hasSize(2);
  }

  @Test
  void aRegistryThatDoesNotTellIsAsked() throws Exception {
    registry.push("polled:1", SLEEPS);
    run(Duration.ofSeconds(1), "another secret of the hook");
    deploy("", "web", "polled:1", "digest");

    String second = registry.push("polled:1", SLEEPS);

    awaitImage("web", second);
    awaitDeployments("registry succeeded", "root succeeded");
    assertThat(tell("polled", "1", SECRET).status()).isEqualTo(401);
  }

  @Test
  void theNewestVersionOfTheRangeIsRolledOut() throws Exception {
    registry.push("versions:1.4.2", SLEEPS);
    registry.push("versions:2.0.0", SLEEPS);
    registry.push("versions:1.6.0-rc.1", SLEEPS);
    String newest = registry.push("versions:1.5.0", SLEEPS);
    run(NEVER, SECRET);
    deploy("", "web", "versions:1.4.2", "semver ^1.4", "wrong", "versions:2.0.0", "semver banana");

    awaitImage("web", newest);
    awaitState("web", "current");
    assertThat(status("wrong").path("error").asText()).contains("no range of versions");
    assertThat(image("wrong")).contains("/versions:2.0.0@");

    // Told by the registry, as a version that is new.
    awaitImage("web", registry.push("versions:1.5.1", SLEEPS));
    awaitDeployments("registry succeeded", "registry succeeded", "root succeeded");
  }

  @Test
  void anImageThatFailsIsTakenBackAndNotTriedAgain() throws Exception {
    String good = registry.push("failing:1", SLEEPS);
    run(NEVER, SECRET);
    deploy(",\"rollbackOnFailure\":true", "web", "failing:1", "digest");
    awaitState("web", "current");

    String bad = registry.push("failing:1", FAILS);

    awaitDeployments("registry succeeded", "registry failed", "root succeeded");
    awaitState("web", "taken-back");
    assertThat(image("web")).isEqualTo(good);
    assertThat(status("web").path("newest").asText()).isEqualTo(bad);

    assertThat(tell("failing", "1", SECRET).status()).isEqualTo(202);
    awaitAskedAgain("web");
    assertThat(deployments()).hasSize(3);

    String better = registry.push("failing:1", SLEEPS);
    awaitImage("web", better);
    awaitDeployments("registry succeeded", "registry succeeded", "registry failed");
  }

  @Test
  void aRollThatWasDecidedOnAnotherRevisionIsRefused() throws Exception {
    String image = registry.push("overtaken:1", SLEEPS);
    run(NEVER, SECRET);
    deploy("", "web", "overtaken:1", "none");

    JsonNode refused = roll("late", 7, image);
    JsonNode unknown = roll("unknown", 1, image.replace("overtaken:1@", "@"));
    JsonNode taken = roll("in-time", 1, image);

    assertThat(refused.path("error").asText()).contains("revision 7", "overtaken");
    assertThat(unknown.path("error").asText()).contains("must have a name, a digest");
    assertThat(taken.path("state").asText()).as(taken.toString()).isEqualTo("succeeded");
    assertThat(deployments()).containsExactly("test succeeded", "root succeeded");
  }

  /** As the deployer asks itself; waits for what comes of it. */
  private JsonNode roll(String id, long revision, String image) throws Exception {
    JsonNode body =
        Json.mapper()
            .readTree(
                "{\"stack\":\"%1$s\",\"revision\":%2$d,\"images\":{\"%1$s_web\":{\"name\":\"%3$s\",\"image\":\"%4$s\",\"platforms\":[]}}}"
                    .formatted(STACK, revision, image.replaceAll("@.*", ""), image));
    Instant now = Instant.now();
    Command command =
        new Command(
            id, "deployer", StackFolder.IMAGE, "test", now, now.plusSeconds(60), body, null);
    try (PlainPublisher publisher = PlainPublisher.open(deployer.platform(), "test")) {
      publisher
          .publish(Write.put(Topics.COMMANDS, Codecs.COMMANDS, "deployer", command, "issued", null))
          .toCompletableFuture()
          .join();
    }
    return deployer.done(id);
  }

  @Test
  void whoDoesNotShowTheSecretIsRefused() throws Exception {
    run(NEVER, SECRET);

    assertThat(tell("app", "1", "wrong").status()).isEqualTo(401);
    assertThat(deployer.postWithoutToken("/hooks/registry", "{}").status()).isEqualTo(401);
    assertThat(
            deployer
                .postWithoutToken(
                    "/hooks/registry", "{\"events\":1}", "Authorization", "Bearer " + SECRET)
                .status())
        .isEqualTo(400);
    assertThat(
            deployer
                .postWithoutToken(
                    "/hooks/registry",
                    "x".repeat(1024 * 1024 + 1),
                    "Authorization",
                    "Bearer " + SECRET)
                .status())
        .isEqualTo(413);
    deployer.close();

    run(NEVER, "");
    assertThat(tell("app", "1", SECRET).status()).isEqualTo(401);
    assertThat(deployer.post("/hooks/registry", "{}").status()).isEqualTo(404);
  }

  /** A notification as the registry sends it. */
  private Answer tell(String repository, String tag, String secret) {
    return deployer.postWithoutToken(
        "/hooks/registry",
        "{\"events\":[{\"action\":\"push\",\"target\":{\"repository\":\"%s\",\"tag\":\"%s\"},\"request\":{\"host\":\"%s\"}}]}"
            .formatted(repository, tag, registry.host()),
        "Authorization",
        "Bearer " + secret);
  }

  private JsonNode status(String service) {
    for (JsonNode one : deployer.get("/api/images").body().path("images")) {
      if (one.path("service").asText().equals(STACK + "_" + service)) {
        return one;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }

  private void awaitState(String service, String state) {
    await(service + " " + state)
        .atMost(PATIENCE)
        .until(() -> status(service).path("state").asText(), state::equals);
  }

  private void awaitAskedAgain(String service) {
    String before = status(service).path("askedAt").asText();
    tell(status(service).path("image").asText().replaceAll(".*/|:.*", ""), "1", SECRET);
    await("asked again")
        .atMost(PATIENCE)
        .until(() -> !status(service).path("askedAt").asText().equals(before));
  }

  private String image(String service) {
    return ImagePins.image(engine.spec(STACK + "_" + service));
  }

  private long version(String service) {
    return engine.service(STACK + "_" + service).at("/Version/Index").asLong();
  }

  private void awaitImage(String service, String image) {
    await(image)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> image(service), image::equals);
  }

  /** Newest first. */
  private List<String> deployments() {
    List<String> found = new ArrayList<>();
    for (JsonNode one : deployer.get("/api/deployments/" + STACK).body()) {
      found.add(
          one.path("by").asText()
              + " "
              + one.path("phase").asText().toLowerCase(java.util.Locale.ROOT));
    }
    return found;
  }

  private void awaitDeployments(String... expected) {
    await(List.of(expected).toString())
        .atMost(PATIENCE)
        .until(this::deployments, List.of(expected)::equals);
  }
}
