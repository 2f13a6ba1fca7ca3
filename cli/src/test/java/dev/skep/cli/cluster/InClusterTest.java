package dev.skep.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.cli.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InClusterTest {
  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    "/api/stacks/web, deployer",
    "/api/stacks, deployer",
    "/api/commands/42, deployer",
    "/api/deployments/web, deployer",
    "/api/tokens/ci, deployer",
    "/api/sources, deployer",
    "/api/images, deployer",
    "/api/schedules, deployer",
    "/api/edges/adopt, edge-config",
    "/api/edges, monitor",
    "/api/stacksandmore, monitor",
    "/api/status, monitor",
    "/health/ready, monitor",
  })
  void eachPathGoesToTheServiceThatAnswersForIt(String path, String service) throws Exception {
    InCluster cluster = InCluster.from(environment(Map.of())).orElseThrow();

    assertThat(cluster.owner(path)).isEqualTo(cluster.urls().get(service));
  }

  @Test
  void addressesComeFromTheEnvironmentAndTheTokenFromItsFile() throws Exception {
    InCluster cluster =
        InCluster.from(environment(Map.of("SKEP_EDGE_CONFIG_URL", "http://ec:1"))).orElseThrow();

    assertThat(cluster.owner("/api/edges/adopt")).hasToString("http://ec:1");
    assertThat(cluster.owner("/api/stacks/x")).hasToString("http://deployer:8422");
    assertThat(cluster.token()).isEqualTo("s3cret");
    assertThat(cluster.toString()).doesNotContain("s3cret");
  }

  @Test
  void outsideTheClusterThereIsNone() {
    assertThat(InCluster.from(Map.of())).isEmpty();
  }

  @Test
  void aMissingTokenFileIsNamed() {
    Map<String, String> env = Map.of(InCluster.FLAG, "true", "SKEP_TOKEN_FILE", "/no/such");

    assertThatThrownBy(() -> InCluster.from(env))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("/no/such");
  }

  private Map<String, String> environment(Map<String, String> more) throws Exception {
    Path token = Files.writeString(temp.resolve("token"), "s3cret\n");
    Map<String, String> env = new java.util.HashMap<>(more);
    env.put(InCluster.FLAG, "true");
    env.put("SKEP_TOKEN_FILE", token.toString());
    return env;
  }
}
