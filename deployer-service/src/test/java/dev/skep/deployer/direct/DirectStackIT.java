package dev.skep.deployer.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.deployer.apply.ResolveImage;
import dev.skep.deployer.apply.StackException;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.direct.DirectStack.Outcome;
import dev.skep.deployer.plan.FieldChange;
import dev.skep.deployer.plan.ObjectPlan;
import dev.skep.deployer.revision.NewRevisions;
import dev.skep.deployer.revision.Revisions;
import dev.skep.deployer.state.Origin;
import dev.skep.deployer.state.StackBody;
import dev.skep.engine.Query;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Revision.Source;
import dev.skep.testing.RequiresEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Revisions that a real Engine keeps. No task ever runs. */
@RequiresEngine(alone = true)
class DirectStackIT {
  private static final String STACK = "dt-direct";
  private static final String WEB = STACK + "_web";
  private static final ApplyOptions BACK =
      new ApplyOptions(false, ResolveImage.NEVER, Map.of("r", "credentials"), false, true);

  /** On a network that is there, so that none is made; _V marks the version, _C the content. */
  private static final String YAML =
      """
      services:
        web:
          image: haproxy:3.4
          environment: {V: "_V"}
          configs: [c]
          secrets: [s]
          networks: [host]
          deploy: {replicas: 0}
      networks: {host: {external: true}}
      configs: {c: {content: "config-_C"}}
      secrets: {s: {file: secret.txt}}
      """;

  @RegisterExtension final LiveEngine engine = new LiveEngine();
  @TempDir Path dir;

  private DirectStack stack() {
    return new DirectStack(engine.client(), Clock.systemUTC(), "tester");
  }

  private Outcome deploy(String yaml, String secret, ApplyOptions options) {
    try {
      Files.writeString(dir.resolve("secret.txt"), secret);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    StackObjects objects = LiveEngine.objects(dir, STACK, yaml);
    Origin origin = Origin.of(Source.of(List.of("stack.yml")));
    return stack().deploy(new StackBody(STACK, objects, options, origin), step -> {});
  }

  private Outcome deploy(String version, String content) {
    Outcome outcome = deploy(yaml(version, content), "hunter-" + content, LiveEngine.OPTIONS);
    assertThat(outcome.told()).isEmpty();
    return outcome;
  }

  private static String yaml(String version, String content) {
    return YAML.replace("_V", version).replace("_C", content);
  }

  private List<String> names(String kind) {
    List<String> names = new ArrayList<>();
    for (JsonNode object : engine.client().get("/" + kind, Query.none())) {
      String name = object.at("/Spec/Name").asText();
      if (name.contains(STACK)) {
        names.add(name);
      }
    }
    names.sort(null);
    return names;
  }

  private String mounted(String list, String field) {
    return engine.spec(WEB).at("/TaskTemplate/ContainerSpec/" + list + "/0/" + field).asText();
  }

  @Test
  void eachDeploymentIsKeptWithWhatItDid() {
    deploy("1", "a");
    deploy("2", "a");

    List<Revision> history = stack().history(STACK);

    assertThat(history).extracting(Revision::number).containsExactly(2L, 1L);
    assertThat(history).extracting(Revision::phase).containsOnly(Phase.SUCCEEDED);
    assertThat(history).extracting(Revision::by).containsOnly("tester");
    assertThat(history.getFirst().source().text()).isEqualTo("stack.yml");
    assertThat(history.getFirst().summary().text()).isEqualTo("1 updated");
    assertThat(history.getFirst().summary().changed())
        .flatExtracting(c -> c.fields())
        .containsExactly("/TaskTemplate/ContainerSpec/Env/V");
    assertThat(names("configs")).contains("skep-rev-dt-direct-000001", "skep-rev-dt-direct-000002");
  }

  @Test
  void aKeptRevisionHoldsNeitherSecretsNorCredentialsNorTheStacksLabel() {
    deploy(yaml("1", "a"), "hunter2", BACK);

    JsonNode config = kept().getFirst();

    assertThat(config.at("/Spec/Labels").has("com.docker.stack.namespace")).isFalse();
    assertThat(config.at("/Spec/Labels/dev.skep.revision.outcome").asText()).isEqualTo("succeeded");
    KeptRevision kept = new RevisionConfigs(engine.client()).of(STACK).getFirst();
    String body =
        new String(
            dev.skep.deployer.revision.PackedBody.unpack(kept.packed()).toBytes(),
            StandardCharsets.UTF_8);
    String secret = Base64.getEncoder().encodeToString("hunter2".getBytes(StandardCharsets.UTF_8));
    assertThat(body).contains(WEB).doesNotContain(secret, "credentials");
    assertThat(config.at("/Spec/Labels").toString()).doesNotContain("hunter", "credentials");
  }

  private List<JsonNode> kept() {
    List<JsonNode> kept = new ArrayList<>();
    engine.client().get("/configs", Query.none()).forEach(kept::add);
    kept.removeIf(c -> !c.at("/Spec/Name").asText().startsWith("skep-rev-" + STACK));
    return kept;
  }

  @Test
  void aRollbackIsANewRevisionWithTheOldBodyAndTheOldObjects() {
    deploy("1", "a");
    String config = mounted("Configs", "ConfigName");
    String secret = mounted("Secrets", "SecretName");
    deploy("2", "b");
    assertThat(mounted("Secrets", "SecretName")).isNotEqualTo(secret);

    Outcome back = stack().rollback(STACK, 0, step -> {});

    assertThat(back.told()).isEmpty();
    assertThat(engine.environment(WEB)).containsExactly("V=1");
    assertThat(mounted("Configs", "ConfigName")).isEqualTo(config);
    assertThat(mounted("Secrets", "SecretName")).isEqualTo(secret);
    Revision newest = stack().history(STACK).getFirst();
    assertThat(newest.number()).isEqualTo(3);
    assertThat(newest.rollbackOf()).isEqualTo(1);
    assertThat(newest.good()).isTrue();
  }

  @Test
  void aRollbackRemovesTheServicesThatCameLaterAndNoOthers() {
    String more =
        yaml("2", "a")
            .replace(
                "services:",
                "services:\n  new: {image: 'haproxy:3.4', networks: [host], deploy: {replicas: 0}}");
    deploy(
        yaml("1", "a")
            .replace(
                "services:",
                "services:\n  old: {image: 'haproxy:3.4', networks: [host], deploy: {replicas: 0}}"),
        "x",
        LiveEngine.OPTIONS);
    deploy("1", "a");
    deploy(more, "hunter-a", LiveEngine.OPTIONS);
    assertThat(engine.versions(STACK))
        .containsKeys("services/dt-direct_new", "services/dt-direct_old");

    stack().rollback(STACK, 2, step -> {});

    assertThat(engine.versions(STACK))
        .doesNotContainKey("services/dt-direct_new")
        .containsKeys("services/dt-direct_old", "services/" + WEB);
  }

  @Test
  void aRollbackRunsTheImageThatRanThenThoughItsTagIsAnotherByNow() {
    String then = "haproxy:3.4@sha256:" + "a".repeat(64);
    String now = "haproxy:3.4@sha256:" + "b".repeat(64);
    deploy("1", "a");
    image(then);
    deploy("2", "a");
    image(now);
    deploy("3", "a");

    stack().rollback(STACK, 2, step -> {});

    assertThat(engine.spec(WEB).at("/TaskTemplate/ContainerSpec/Image").asText()).isEqualTo(then);
    stack().rollback(STACK, 3, step -> {});
    assertThat(engine.spec(WEB).at("/TaskTemplate/ContainerSpec/Image").asText()).isEqualTo(now);
  }

  /** As a registry's answer would have it. */
  private void image(String image) {
    engine.change(
        WEB,
        spec -> ((ObjectNode) spec.path("TaskTemplate").path("ContainerSpec")).put("Image", image));
  }

  @Test
  void withoutTheSecretOfThatTimeARollbackIsRefusedAndChangesNothing() {
    deploy("1", "a");
    String secret = mounted("Secrets", "SecretName");
    deploy("2", "b");
    String id =
        engine
            .client()
            .get("/secrets", Query.none())
            .valueStream()
            .filter(s -> s.at("/Spec/Name").asText().equals(secret))
            .findFirst()
            .orElseThrow()
            .path("ID")
            .asText();
    engine.client().removeSecret(id);
    Map<String, Long> before = engine.settledVersions(STACK);

    assertThatThrownBy(() -> stack().rollback(STACK, 1, step -> {}))
        .isInstanceOf(StackException.class)
        .hasMessageContaining(secret)
        .hasMessageContaining("deploy its files instead");

    assertThat(engine.versions(STACK)).isEqualTo(before);
    assertThat(stack().history(STACK)).hasSize(2);
  }

  @Test
  void whatNothingNeedsIsRemovedOnceNoKeptRevisionDoesAndTheLastTenAreKept() {
    for (int i = 1; i <= Revisions.KEPT + 3; i++) {
      deploy("1", "c" + i);
    }

    List<Revision> history = stack().history(STACK);
    assertThat(history).hasSize(Revisions.KEPT);
    assertThat(history.getLast().number()).isEqualTo(4);
    // The first keeps the client's name and is not ours to remove: ten rotated ones and that.
    assertThat(names("configs").stream().filter(n -> n.startsWith(STACK)).toList())
        .hasSize(Revisions.KEPT + 1)
        .contains("dt-direct_c");
    assertThat(names("secrets")).hasSize(Revisions.KEPT + 1).contains("dt-direct_s");
    // The oldest that is kept can still be gone back to.
    assertThat(stack().rollback(STACK, 5, step -> {}).told()).isEmpty();
  }

  @Test
  void theLastGoodOneIsKeptHoweverManyFail() {
    deploy("1", "a");
    String missing =
        yaml("2", "a").replace("host: {external", "gone: {external").replace("[host]", "[gone]");
    for (int i = 0; i < Revisions.KEPT + 1; i++) {
      assertThat(deploy(missing, "hunter-a", LiveEngine.OPTIONS).error()).contains("gone");
    }

    List<Revision> history = stack().history(STACK);

    assertThat(history).hasSize(Revisions.KEPT + 1);
    assertThat(history.getLast().number()).isEqualTo(1);
    assertThat(Revisions.lastGood(history)).contains(history.getLast());
  }

  @Test
  void aFailureTakesTheWholeStackBackOnceAndIsStillAFailure() {
    String agent = "services:\n  agent: {image: 'haproxy:3.4', networks: [host], deploy: {%s}}";
    String good = yaml("1", "a").replace("services:", agent.formatted("replicas: 0"));
    // Swarm refuses to make a replicated service a global one.
    String bad =
        yaml("2", "a")
            .replace("services:", agent.formatted("mode: global"))
            .replace(
                "services:",
                "services:\n  new: {image: 'haproxy:3.4', networks: [host], deploy: {replicas: 0}}");
    assertThat(deploy(good, "hunter-a", LiveEngine.OPTIONS).told()).isEmpty();

    Outcome outcome = deploy(bad, "hunter-a", BACK);

    assertThat(outcome.error()).contains("mode change is not allowed");
    assertThat(outcome.told()).contains("mode change", "taken back, as revision 3");
    assertThat(engine.environment(WEB)).containsExactly("V=1");
    assertThat(engine.versions(STACK))
        .containsKeys("services/dt-direct_agent", "services/" + WEB)
        .doesNotContainKey("services/dt-direct_new");
    assertThat(stack().history(STACK))
        .extracting(r -> r.number() + " " + r.phase() + " " + r.rollbackOf())
        .containsExactly("3 SUCCEEDED 1", "2 FAILED 0", "1 SUCCEEDED 0");
  }

  @Test
  void withoutAGoodRevisionAFailureStaysWhereItIs() {
    String missing =
        yaml("2", "a").replace("host: {external", "gone: {external").replace("[host]", "[gone]");

    Outcome outcome = deploy(missing, "hunter-a", BACK);

    assertThat(outcome.told()).contains("gone", "no good revision to go back to");
    assertThat(stack().history(STACK)).hasSize(1);
  }

  @Test
  void theDifferenceOfTwoRevisionsIsToldWithoutASecret() {
    deploy("1", "a");
    deploy("2", "b");

    List<ObjectPlan> diff =
        stack().diff(STACK, 1, 2).objects().stream().filter(ObjectPlan::changes).toList();

    assertThat(diff).extracting(ObjectPlan::name).containsExactly("dt-direct_c", WEB);
    assertThat(diff.getLast().fields())
        .extracting(FieldChange::path)
        .containsExactly(
            "/TaskTemplate/ContainerSpec/Env/V",
            "/TaskTemplate/ContainerSpec/Secrets/s/SecretName");
    assertThatThrownBy(() -> stack().diff(STACK, 1, 9)).hasMessageContaining("9", "history");
  }

  @Test
  void anInterruptionIsNotedAndWhatComesAfterItInTheSameProcessIsNot() {
    DirectStack way = stack();
    way.interrupted();
    StackObjects objects = LiveEngine.objects(dir, STACK, "services: {web: {image: haproxy:3.4}}");
    Origin origin = Origin.of(Source.of(List.of("stack.yml")));

    way.deploy(
        new StackBody(STACK, objects, LiveEngine.OPTIONS, origin), step -> way.interrupted());

    assertThat(stack().history(STACK))
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.phase()).isEqualTo(Phase.FAILED);
              assertThat(r.error()).contains("interrupted");
              assertThat(r.finishedAt()).isNotNull();
            });
  }

  @Test
  void whoseProcessWasKilledIsToldAsBrokenOffOnceANewerOneHasBegun() {
    RevisionConfigs configs = new RevisionConfigs(engine.client());
    Instant aWhileAgo = Instant.now().minus(Duration.ofMinutes(3));
    Revision killed =
        NewRevisions.begun(STACK, 1, "", "tester", aWhileAgo, null, false, List.of("web"));
    configs.keep(killed, new byte[] {'-'});
    assertThat(stack().history(STACK)).extracting(Revision::phase).containsExactly(Phase.RUNNING);

    deploy("1", "a");

    List<Revision> history = stack().history(STACK);
    assertThat(history).extracting(Revision::phase).containsExactly(Phase.SUCCEEDED, Phase.FAILED);
    assertThat(history.getLast().error()).contains("broken off");
  }

  @Test
  void aRemovedStackKeepsItsHistory() {
    deploy("1", "a");

    stack().remove(STACK, step -> {});

    assertThat(engine.versions(STACK)).isEmpty();
    assertThat(stack().history(STACK))
        .extracting(r -> r.number() + " " + r.removal())
        .containsExactly("2 true", "1 false");
    assertThatThrownBy(() -> stack().rollback(STACK, 0, step -> {}))
        .hasMessageContaining("the content of secrets is not kept");
  }

  @Test
  void whatIsTooLargeIsDeployedAndNotKept() {
    byte[] noise = new byte[700_000];
    new Random(20261122).nextBytes(noise);
    String large =
        YAML.replace(
            "content: \"config-_C\"",
            "content: \"" + Base64.getEncoder().encodeToString(noise) + "\"");

    Outcome outcome = deploy(large, "x", LiveEngine.OPTIONS);

    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.revision()).isZero();
    assertThat(outcome.result().warnings())
        .singleElement()
        .asString()
        .contains("is not kept", "500000");
    assertThat(stack().history(STACK)).isEmpty();
  }

  @Test
  void aLongNameHasAConfigOfItsOwn() {
    String one = "a".repeat(62) + "1";
    String other = "a".repeat(62) + "2";

    assertThat(RevisionConfigs.name(one, 12)).hasSizeLessThanOrEqualTo(64).endsWith("-000012");
    assertThat(RevisionConfigs.name(other, 12)).isNotEqualTo(RevisionConfigs.name(one, 12));
    assertThat(RevisionConfigs.name("web", 12)).isEqualTo("skep-rev-web-000012");
  }
}
