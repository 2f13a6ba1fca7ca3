package dev.skep.deployer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.ObjectPlan;
import dev.skep.deployer.plan.ObjectPlan.Action;
import dev.skep.deployer.plan.StackPlan;
import dev.skep.engine.Filters;
import dev.skep.engine.Query;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A deployment does what its plan said, and nothing else. */
@RequiresEngine
@RequiresImage("haproxy:3.4")
class PlanIT {
  private static final String STACK = "dt-plan";

  /** _V marks what changes. */
  private static final String YAML =
      """
      x-sleep: &sleep
        image: haproxy:3.4
        entrypoint: [sleep, "1000"]
        stop_grace_period: 0s
        networks: [host]
      services:
        same: {<<: *sleep, deploy: {replicas: 0}}
        label: {<<: *sleep, deploy: {labels: {v: "_V"}, update_config: {delay: _Vs}}}
        env: {<<: *sleep, environment: {V: "_V", PASSWORD: "hunter_V"}}
        file: {<<: *sleep, configs: [c], secrets: [s]}
        held: {<<: *sleep, environment: {V: "_V"}, deploy: {replicas: 0, labels: {dev.skep.update: manual}}}
        net_V: {image: "haproxy:3.4", deploy: {replicas: 0}}
      networks: {host: {external: true}}
      configs: {c: {file: c_V.txt}, l: {file: same.txt, labels: {v: "_V"}}}
      secrets: {s: {file: s_V.txt}, k: {file: same.txt}}
      """;

  @RegisterExtension final LiveEngine engine = new LiveEngine();
  @TempDir Path dir;

  private StackObjects objects(String version) throws IOException {
    for (String name : List.of("c1", "c2", "s1", "s2", "same")) {
      Files.writeString(dir.resolve(name + ".txt"), "content-of-" + name);
    }
    return LiveEngine.objects(dir, STACK, YAML.replace("_V", version));
  }

  private StackPlan plan(StackObjects objects, ApplyOptions how) {
    Map<String, Long> before = engine.settledVersions(STACK);
    StackPlan plan = engine.applier().plan(STACK, objects, how);
    assertThat(engine.versions(STACK)).isEqualTo(before);
    return plan;
  }

  /** The plan in the words of who carries it out. */
  private static List<String> steps(StackPlan plan) {
    return plan.objects().stream()
        .map(
            o ->
                "%s %s %s %s"
                    .formatted(
                        o.kind(),
                        o.name(),
                        switch (o.action()) {
                          case CREATE, REPLACE -> ApplyResult.CREATED;
                          case CHANGE -> ApplyResult.UPDATED;
                          case HOLD -> ApplyResult.HELD;
                          case REMOVE -> ApplyResult.REMOVED;
                          case KEEP, ADOPT -> ApplyResult.UNCHANGED;
                        },
                        o.becomes()))
        .toList();
  }

  private static List<String> steps(ApplyResult result) {
    return result.steps().stream()
        .map(
            s ->
                "%s %s %s %s"
                    .formatted(
                        s.kind(),
                        s.name(),
                        s.action(),
                        s.detail().startsWith("as ") ? s.detail().substring(3) : ""))
        .toList();
  }

  private void deploysAsPlanned(StackPlan plan, StackObjects objects, ApplyOptions how) {
    ApplyResult result = engine.applier().apply(STACK, objects, how);
    assertThat(result.error()).isEmpty();
    assertThat(steps(result)).isEqualTo(steps(plan));
    assertThat(plan(objects, how).changes()).as("a second plan").isFalse();
  }

  private Set<String> tasks(String service) {
    Set<String> ids = new TreeSet<>();
    for (JsonNode task : engine.client().tasks(Filters.of("service", STACK + "_" + service))) {
      ids.add(task.path("ID").asText());
    }
    return ids;
  }

  private void awaitRunning() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () ->
                List.of("label", "env", "file").stream()
                    .allMatch(s -> engine.running(STACK + "_" + s) == 1));
  }

  @Test
  void aDeploymentDoesWhatThePlanSaid() throws Exception {
    ApplyOptions how = new ApplyOptions(true, ResolveImage.NEVER, Map.of()).detached();
    StackObjects first = objects("1");
    StackPlan create = plan(first, how);
    assertThat(create.objects()).extracting(ObjectPlan::action).containsOnly(Action.CREATE);
    deploysAsPlanned(create, first, how);
    awaitRunning();
    Map<String, Set<String>> before =
        Map.of("label", tasks("label"), "env", tasks("env"), "file", tasks("file"));

    StackObjects second = objects("2");
    StackPlan change = plan(second, how);

    assertThat(change.objects())
        .extracting(o -> "%s %s %s".formatted(o.action(), o.name(), o.restarts()))
        .containsExactly(
            "KEEP dt-plan_default false",
            "KEEP dt-plan_k false",
            "REPLACE dt-plan_s false",
            "REPLACE dt-plan_c false",
            "CHANGE dt-plan_l false",
            "CHANGE dt-plan_env true",
            "CHANGE dt-plan_file true",
            "HOLD dt-plan_held false",
            "CHANGE dt-plan_label false",
            "REMOVE dt-plan_net1 false",
            "CREATE dt-plan_net2 false",
            "KEEP dt-plan_same false");
    assertThat(change.toJson().toString()).doesNotContain("hunter", "content-of");
    deploysAsPlanned(change, second, how);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              for (ObjectPlan object : change.objects()) {
                String name = object.name().substring(STACK.length() + 1);
                if (object.kind().equals("service") && before.containsKey(name)) {
                  assertThat(!tasks(name).equals(before.get(name)))
                      .as(name + " restarted")
                      .isEqualTo(object.restarts());
                }
              }
            });

    ApplyOptions all = how.includingHeld(true);
    StackPlan held = plan(second, all);
    assertThat(held.count(Action.CHANGE)).isEqualTo(1);
    deploysAsPlanned(held, second, all);
  }

  @Test
  void aSecretOfAnotherToolIsAdoptedOrReplacedAsWasSaid() throws Exception {
    ApplyOptions how = LiveEngine.OPTIONS;
    StackObjects objects = objects("1");
    engine.applier().apply(STACK, objects, how);
    JsonNode secret = engine.client().get("/secrets/dt-plan_s", Query.none());
    ObjectNode bare = secret.path("Spec").deepCopy();
    ((ObjectNode) bare.get("Labels")).remove("dev.skep.content");
    engine
        .client()
        .updateSecret(secret.path("ID").asText(), secret.at("/Version/Index").asLong(), bare);

    StackPlan same = plan(objects, how);
    StackPlan other = plan(objects("2"), how);

    assertThat(same.count(Action.ADOPT)).isEqualTo(1);
    ObjectPlan planned =
        other.objects().stream().filter(o -> o.action() == Action.ADOPT).findFirst().orElseThrow();
    Step made =
        engine.applier().apply(STACK, objects("2"), how).steps().stream()
            .filter(s -> s.name().equals("dt-plan_s"))
            .findFirst()
            .orElseThrow();
    assertThat(made.action()).isEqualTo(ApplyResult.CREATED);
    assertThat(planned.note()).contains(made.detail().substring("as ".length()));
  }

  @Test
  void whatOthersHaveUnderANameIsWarnedOf() throws Exception {
    StackObjects objects = objects("1");
    engine.client().createConfig(objects.configs().getFirst().deepCopy().without("Labels"));

    assertThat(engine.applier().plan(STACK, objects, LiveEngine.OPTIONS).warnings())
        .containsExactly(
            "config dt-plan_c is there and is not the stack's: making it will be refused");
  }

  @Test
  void aMissingExternalNetworkIsAnErrorAsInADeployment() {
    StackObjects objects =
        LiveEngine.objects(
            dir,
            STACK,
            """
            services: {a: {image: "haproxy:3.4", networks: [nowhere]}}
            networks: {nowhere: {external: true}}
            """);

    assertThatThrownBy(() -> engine.applier().plan(STACK, objects, LiveEngine.OPTIONS))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("docker network create --driver overlay nowhere");
  }
}
