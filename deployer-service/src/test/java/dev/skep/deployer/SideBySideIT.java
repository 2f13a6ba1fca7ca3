package dev.skep.deployer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.convert.Converter;
import dev.skep.deployer.convert.DockerClient;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.direct.DirectStack;
import dev.skep.deployer.state.StackBody;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.Shell;
import dev.skep.testing.StackSnapshot;
import dev.skep.testing.WithKafka;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code docker stack deploy}, we without a deployer, and we through one deploy the same file to
 * the same Engine, under three names: what the Engine then has is the same, but for the labels that
 * are ours. No task runs.
 */
@RequiresEngine(alone = true)
@RequiresCommand("docker")
@WithKafka
class SideBySideIT {
  /** Others' tests on the same Engine leave it alone. */
  private static final String PREFIX = "ft-side-";

  private static final String DOCKER = PREFIX + "docker";
  private static final String DIRECT = PREFIX + "direct";
  private static final String THROUGH = PREFIX + "through";

  /** What differs in the file by the stack, because a network's addresses are its own. */
  private static final Map<String, String> SUBNETS =
      Map.of(DOCKER, "10.249.1.0/24", DIRECT, "10.249.2.0/24", THROUGH, "10.249.3.0/24");

  private static final List<String> FLAGS = List.of("--detach=true", "--resolve-image", "never");

  private final KafkaTest kafka;
  @RegisterExtension final LiveEngine engine = new LiveEngine(PREFIX);

  SideBySideIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  private static Path file() throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(SideBySideIT.class.getResource("/side-by-side/stack.yml")).toURI());
  }

  private static Map<String, String> variables(String stack, String version) {
    return Map.of("DT_SUBNET", SUBNETS.get(stack), "DT_VERSION", version);
  }

  private static StackObjects objects(String stack, String version) throws Exception {
    return Converter.convert(Compose.load(List.of(file()), variables(stack, version)), stack);
  }

  private void byDocker(String version) throws Exception {
    DockerClient.Run run =
        DockerClient.deploy(
            engine.address().toString(),
            DOCKER,
            List.of(file()),
            variables(DOCKER, version),
            FLAGS);
    assertThat(run.exit()).as(run.output()).isZero();
  }

  private void directly(String stack, String version) throws Exception {
    StackBody body = new StackBody(stack, objects(stack, version), LiveEngine.OPTIONS);
    DirectStack direct = new DirectStack(engine.client(), Clock.systemUTC(), "tester");
    assertThat(direct.deploy(body, step -> {}).told()).isEmpty();
  }

  private void through(RunningDeployer deployer, String version) throws Exception {
    String body =
        "{\"objects\":%s,\"options\":{\"resolveImage\":\"never\",\"wait\":false}}"
            .formatted(objects(THROUGH, version).toBody());
    JsonNode answer = deployer.post("/api/stacks/" + THROUGH, body).body();
    JsonNode done = deployer.done(answer.path("command").asText());
    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
  }

  @Test
  void whatTheEngineHasIsTheSameAtFirstAndAfterAChange() throws Exception {
    kafka.wipe();
    try (RunningDeployer deployer =
        new RunningDeployer(kafka, engine.address(), PrivateKeyRing.create())) {
      for (String version : List.of("1", "2")) {
        byDocker(version);
        directly(DIRECT, version);
        through(deployer, version);

        String docker = inspected(DOCKER);
        assertThat(inspected(DIRECT)).as("directly, version " + version).isEqualTo(docker);
        assertThat(inspected(THROUGH)).as("by the deployer, version " + version).isEqualTo(docker);
        assertThat(docker).contains("CHANGED=" + version);
      }
    }
  }

  @Test
  void whatTheClientHasDeployedIsTakenOverWithoutAnUpdateOfAService() throws Exception {
    byDocker("1");
    Map<String, Long> before = services(engine.settledVersions(DOCKER));
    assertThat(before).hasSize(7);

    directly(DOCKER, "1");

    assertThat(services(engine.versions(DOCKER))).isEqualTo(before);
    assertThat(engine.previousSpecs(DOCKER)).isEmpty();
  }

  private static Map<String, Long> services(Map<String, Long> all) {
    return all.entrySet().stream()
        .filter(e -> e.getKey().startsWith("services/"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private String inspected(String stack) throws Exception {
    StackSnapshot.Docker docker =
        args -> {
          List<String> command = new ArrayList<>(List.of("docker", "-H", engine.address() + ""));
          command.addAll(List.of(args));
          return Shell.ok(command.toArray(String[]::new));
        };
    return StackSnapshot.of(docker, stack, SUBNETS.get(stack));
  }
}
