package dev.skep.deployer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.compose.ComposeCases;
import dev.skep.deployer.convert.Converter;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.ObjectPlan;
import dev.skep.deployer.plan.StackPlan;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.testing.RequiresEngine;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a live Engine makes of a spec is recognized as the same, whatever defaults it fills in. */
@RequiresEngine
class UnchangedIT {
  /** These need what this machine has not, or would be in the way of others on it. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "16-networks-external.yml", // networks of others
          "20-configs.yml", // configs of others
          "21-secrets.yml", // secrets and a secret driver of others
          "19-volumes-long.yml", // named pipes are for Windows
          "18-volumes-short.yml", // so are drives
          "12-ports-short.yml", // ports that others may need
          "13-ports-long.yml",
          "14-ports-address.yml",
          "28-interpolation.yml",
          "32-control-plane.yml", // networks, secrets and configs of others
          "33-mount-options.yml", // named pipes, drives and cluster volumes
          "34-external.yml", // objects of others
          "35-interpolated-types.yml",
          "36-yaml.yml",
          "38-ipam-drivers.yml", // an address driver that is not there
          "39-forms.yml", // a secret driver
          "40-merge-services",
          "43-merge-more",
          "44-numbers.yml", // numbers that only a client takes
          "45-sizes.yml", // so are these
          "48-mount-forms.yml", // drives, cluster volumes, mounts at one place
          "49-objects-forms.yml", // objects of others
          "50-containers.yml", // names that only a client takes
          "51-interpolation-forms.yml", // secrets of others
          "52-merge-forms");

  @RegisterExtension final LiveEngine engine = new LiveEngine();

  static Stream<String> cases() {
    return ComposeCases.names().filter(n -> !LEFT_OUT.contains(n));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void aSecondDeploymentUpdatesNothing(String name) {
    String stack = "dt-same";
    StackObjects objects =
        withoutOrder(
            Converter.convert(
                Compose.load(ComposeCases.files(name), ComposeCases.VARIABLES), stack));
    objects.services().forEach(UnchangedIT::nowhere);
    ApplyResult first = engine.applier().apply(stack, objects, LiveEngine.OPTIONS);
    assertThat(first.error()).isEmpty();

    StackPlan plan = engine.applier().plan(stack, objects, LiveEngine.OPTIONS);
    ApplyResult second = engine.applier().apply(stack, objects, LiveEngine.OPTIONS);

    assertThat(plan.objects()).extracting(ObjectPlan::action).containsOnly(ObjectPlan.Action.KEEP);
    assertThat(second.steps())
        .isNotEmpty()
        .extracting(Step::action)
        .containsOnly(ApplyResult.UNCHANGED);
    // Swarm itself counts a new service's version up, but only an update leaves a previous spec.
    assertThat(engine.previousSpecs(stack)).isEmpty();
  }

  /** What depends on others would wait for them in vain. */
  private static StackObjects withoutOrder(StackObjects objects) {
    return new StackObjects(
        objects.networks(), objects.secrets(), objects.configs(), objects.services());
  }

  /** No task of it ever runs: the images do not exist. */
  private static void nowhere(ObjectNode service) {
    ObjectNode placement = (ObjectNode) service.path("TaskTemplate").path("Placement");
    ArrayNode constraints = placement.withArray("Constraints");
    constraints.add("node.labels.dt-nowhere==true");
  }
}
