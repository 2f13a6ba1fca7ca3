package dev.skep.deployer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.engine.EngineException;
import dev.skep.engine.Query;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@RequiresEngine
class ApplierIT {
  private static final String STACK = "dt-applier";

  /** Tasks are not the matter here: none runs. */
  private static final String WEB =
      """
      # Older clients take a file without a version for version 1.
      version: "3.8"
      services:
        web:
          image: haproxy:3.4
          command: sleep 1000
          environment: {A: "1"}
          deploy: {replicas: 0, labels: {l: one}}
          configs: [c]
          secrets: [s]
      configs: {c: {file: c.txt}}
      secrets: {s: {file: s.txt}}
      """;

  @RegisterExtension final LiveEngine engine = new LiveEngine();
  @TempDir Path dir;

  private StackObjects web(String config, String secret) throws IOException {
    Files.writeString(dir.resolve("c.txt"), config);
    Files.writeString(dir.resolve("s.txt"), secret);
    return LiveEngine.objects(dir, STACK, WEB);
  }

  private ApplyResult apply(StackObjects objects) {
    return engine.applier().apply(STACK, objects, LiveEngine.OPTIONS);
  }

  @Test
  void createsNetworksSecretsConfigsAndServices() throws Exception {
    StackObjects objects = web("config", "secret");

    ApplyResult result = apply(objects);

    assertThat(result.steps())
        .containsExactly(
            new Step("network", "dt-applier_default", "created", ""),
            new Step("secret", "dt-applier_s", "created", ""),
            new Step("config", "dt-applier_c", "created", ""),
            new Step("service", "dt-applier_web", "created", ""));
    assertThat(engine.versions(STACK))
        .containsOnlyKeys(
            "configs/dt-applier_c",
            "networks/dt-applier_default",
            "secrets/dt-applier_s",
            "services/dt-applier_web");
  }

  @Test
  void leavesEverythingAloneWhenNothingChanged() throws Exception {
    apply(web("config", "secret"));
    Map<String, Long> before = engine.settledVersions(STACK);

    ApplyResult result = apply(web("config", "secret"));

    assertThat(result.steps()).extracting(Step::action).containsOnly("unchanged");
    assertThat(engine.versions(STACK)).isEqualTo(before);
  }

  @Test
  void updatesAServiceWhoseLabelChanged() throws Exception {
    apply(web("config", "secret"));
    StackObjects changed =
        LiveEngine.objects(dir, STACK, WEB.replace("labels: {l: one}", "labels: {l: two}"));

    ApplyResult result = apply(changed);

    assertThat(result.steps()).contains(new Step("service", "dt-applier_web", "updated", ""));
    assertThat(engine.spec("dt-applier_web").path("Labels").path("l").asText()).isEqualTo("two");
  }

  @Test
  void givesChangedContentANewObjectAndPointsTheServiceToIt() throws Exception {
    apply(web("config", "secret"));

    ApplyResult result = apply(web("config 2", "secret 2"));

    assertThat(result.error()).isEmpty();
    JsonNode container = engine.spec("dt-applier_web").path("TaskTemplate").path("ContainerSpec");
    String config = container.at("/Configs/0/ConfigName").asText();
    String secret = container.at("/Secrets/0/SecretName").asText();
    assertThat(config).matches("dt-applier_c-[0-9a-f]{8}");
    assertThat(secret).matches("dt-applier_s-[0-9a-f]{8}");
    assertThat(container.at("/Configs/0/File/Name").asText()).isEqualTo("c");
    assertThat(engine.versions(STACK)).containsKeys("configs/" + config, "secrets/" + secret);
  }

  @Test
  void goesBackToTheObjectThatHasTheOldContent() throws Exception {
    apply(web("config", "secret"));
    apply(web("config 2", "secret 2"));
    Map<String, Long> before = engine.versions(STACK);

    apply(web("config", "secret"));

    assertThat(engine.versions(STACK)).containsOnlyKeys(before.keySet());
    JsonNode container = engine.spec("dt-applier_web").path("TaskTemplate").path("ContainerSpec");
    assertThat(container.at("/Configs/0/ConfigName").asText()).isEqualTo("dt-applier_c");
    assertThat(container.at("/Secrets/0/SecretName").asText()).isEqualTo("dt-applier_s");
  }

  @Test
  @RequiresCommand("docker")
  void adoptsAStackThatTheCliDeployedWithoutTouchingItsServices() throws Exception {
    StackObjects objects = web("config", "secret");
    docker("stack", "deploy", "--resolve-image", "never", "-c", file(), STACK);

    ApplyResult result = apply(objects);

    assertThat(result.steps()).extracting(Step::action).containsOnly("unchanged");
    assertThat(engine.previousSpecs(STACK)).isEmpty();
  }

  @Test
  @RequiresCommand("docker")
  void rotatesASecretOfTheCliWhoseContentIsAnother() throws Exception {
    web("config", "secret");
    docker("stack", "deploy", "--resolve-image", "never", "-c", file(), STACK);

    ApplyResult result = apply(web("config", "another"));

    assertThat(result.error()).isEmpty();
    JsonNode container = engine.spec("dt-applier_web").at("/TaskTemplate/ContainerSpec");
    assertThat(container.at("/Secrets/0/SecretName").asText()).matches("dt-applier_s-[0-9a-f]{8}");
  }

  @Test
  void keepsWhatTheFileDoesNotManage() throws Exception {
    apply(web("config", "secret"));
    engine.change(
        "dt-applier_web",
        spec -> {
          ((ObjectNode) spec.at("/TaskTemplate/ContainerSpec")).putArray("Groups").add("adm");
          ((ObjectNode) spec.path("TaskTemplate")).put("ForceUpdate", 7);
        });
    StackObjects changed = LiveEngine.objects(dir, STACK, WEB.replace("A: \"1\"", "A: \"2\""));

    apply(changed);

    ObjectNode after = engine.spec("dt-applier_web");
    assertThat(after.at("/TaskTemplate/ContainerSpec/Groups/0").asText()).isEqualTo("adm");
    assertThat(after.at("/TaskTemplate/ForceUpdate").asInt()).isEqualTo(7);
    assertThat(after.at("/TaskTemplate/ContainerSpec/Env/0").asText()).isEqualTo("A=2");
  }

  @Test
  void leavesTheScaleAloneWhenTheFileNamesNone() throws Exception {
    String yaml =
        "services: {web: {image: 'haproxy:3.4', deploy: {placement: {constraints: [node.labels.dt-nowhere==true]}}}}";
    StackObjects objects = LiveEngine.objects(dir, STACK, yaml);
    apply(objects);
    engine.change(
        "dt-applier_web",
        spec -> {
          ((ObjectNode) spec.at("/Mode/Replicated")).put("Replicas", 3);
        });

    ApplyResult result = apply(objects);

    assertThat(result.steps()).contains(new Step("service", "dt-applier_web", "unchanged", ""));
    assertThat(engine.spec("dt-applier_web").at("/Mode/Replicated/Replicas").asInt()).isEqualTo(3);
  }

  @Test
  void changesNothingWhenAnExternalNetworkIsMissing() {
    StackObjects objects =
        LiveEngine.objects(
            dir,
            STACK,
            """
            services:
              a: {image: "haproxy:3.4", deploy: {replicas: 0}, networks: [nowhere]}
              b: {image: "haproxy:3.4", deploy: {replicas: 0}}
            networks: {nowhere: {external: true}}
            """);

    assertThatThrownBy(() -> apply(objects))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("docker network create --driver overlay nowhere");
    assertThat(engine.versions(STACK)).isEmpty();
  }

  @Test
  void reportsAnObjectThatFailsAndGoesOnWithTheOthers() {
    StackObjects objects =
        LiveEngine.objects(
            dir,
            STACK,
            """
            services:
              bad: {image: "haproxy:3.4", deploy: {replicas: 0, endpoint_mode: nonsense}}
              good: {image: "haproxy:3.4", deploy: {replicas: 0}}
            """);

    ApplyResult result = apply(objects);

    assertThat(result.failed()).isTrue();
    assertThat(result.error()).startsWith("service dt-applier_bad: ");
    assertThat(result.steps()).contains(new Step("service", "dt-applier_good", "created", ""));
  }

  @Test
  void removesServicesThatTheFileDoesNotNameOnlyWhenAskedToPrune() {
    StackObjects two =
        LiveEngine.objects(
            dir,
            STACK,
            """
            services:
              a: {image: "haproxy:3.4", deploy: {replicas: 0}}
              b: {image: "haproxy:3.4", deploy: {replicas: 0}}
            """);
    StackObjects one =
        new StackObjects(two.networks(), List.of(), List.of(), List.of(two.services().getFirst()));
    apply(two);
    apply(one);
    assertThat(engine.versions(STACK)).containsKey("services/dt-applier_b");

    ApplyResult result =
        engine.applier().apply(STACK, one, new ApplyOptions(true, ResolveImage.NEVER, Map.of()));

    assertThat(result.steps()).contains(new Step("service", "dt-applier_b", "removed", ""));
    assertThat(engine.versions(STACK)).doesNotContainKey("services/dt-applier_b");
  }

  @Test
  void removesTheWholeStackAndNothingElse() throws Exception {
    apply(web("config", "secret"));
    StackObjects other =
        LiveEngine.objects(
            dir, "dt-other", "services: {web: {image: 'haproxy:3.4', deploy: {replicas: 0}}}");
    engine.applier().apply("dt-other", other, LiveEngine.OPTIONS);
    Map<String, Long> others = engine.settledVersions("dt-other");

    ApplyResult result = engine.applier().remove(STACK, s -> {});

    assertThat(result.error()).isEmpty();
    assertThat(engine.versions(STACK)).isEmpty();
    assertThat(engine.versions("dt-other")).isEqualTo(others);
  }

  @Test
  void retriesWhenAnotherChangedTheServiceMeanwhile() throws Exception {
    apply(web("config", "secret"));
    StackObjects changed = LiveEngine.objects(dir, STACK, WEB.replace("l: one", "l: two"));
    AtomicBoolean disturbed = new AtomicBoolean();

    // The configs are done after the services were read: the version that was read is then old.
    ApplyResult result =
        engine
            .applier()
            .apply(
                STACK,
                changed,
                LiveEngine.OPTIONS,
                step -> {
                  if (step.kind().equals("config") && disturbed.compareAndSet(false, true)) {
                    disturb();
                  }
                });

    assertThat(disturbed).isTrue();
    assertThat(result.steps()).contains(new Step("service", "dt-applier_web", "updated", ""));
    assertThat(engine.spec("dt-applier_web").at("/TaskTemplate/ForceUpdate").asInt()).isEqualTo(1);
    assertThat(engine.spec("dt-applier_web").path("Labels").path("l").asText()).isEqualTo("two");
  }

  private void disturb() {
    engine.change(
        "dt-applier_web",
        spec -> {
          ((ObjectNode) spec.path("TaskTemplate")).put("ForceUpdate", 1);
        });
  }

  @Test
  void warnsAndGoesOnWhenAnImageCannotBeResolved() {
    String yaml = "services: {web: {image: 'dt.invalid/app:1', deploy: {replicas: 0}}}";
    StackObjects objects = LiveEngine.objects(dir, STACK, yaml);

    ApplyResult result = engine.applier().apply(STACK, objects, ApplyOptions.defaults());

    assertThat(result.failed()).isFalse();
    assertThat(result.warnings())
        .singleElement()
        .asString()
        .startsWith("image dt.invalid/app:1 could not be resolved to a digest");
  }

  @Test
  void neverTakesAServiceThatIsNotTheStacks() {
    ObjectNode foreign =
        LiveEngine.objects(
                dir, "dt-other", "services: {x: {image: 'haproxy:3.4', deploy: {replicas: 0}}}")
            .services()
            .getFirst()
            .put("Name", "dt-applier_web");
    ((ObjectNode) foreign.path("TaskTemplate")).remove("Networks");
    String id = engine.client().createService(foreign, null).path("ID").asText();
    StackObjects objects =
        LiveEngine.objects(
            dir, STACK, "services: {web: {image: 'haproxy:3.4', deploy: {replicas: 0}}}");

    ApplyResult result = apply(objects);

    assertThat(result.error()).startsWith("service dt-applier_web: ").contains("conflict");
    assertThat(engine.client().service(id).at("/Version/Index").asLong()).isPositive();
    try {
      engine.client().get("/services/" + id, Query.none());
    } finally {
      engine.client().removeService(id);
    }
  }

  private String file() {
    return dir.resolve("stack.yml").toString();
  }

  private static void docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException(output);
    }
  }

  @Test
  void anUnreachableEngineIsAnErrorOfTheWholeAttempt() {
    Applier applier =
        new Applier(
            dev.skep.engine.EngineClient.connect(
                dev.skep.engine.EngineConfig.of(
                    java.net.URI.create("tcp://127.0.0.1:" + dev.skep.testing.Ports.free()))));
    StackObjects objects =
        LiveEngine.objects(dir, STACK, "services: {web: {image: 'haproxy:3.4'}}");

    assertThatThrownBy(() -> applier.apply(STACK, objects, LiveEngine.OPTIONS))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.isUnreachable()).isTrue());
  }
}
