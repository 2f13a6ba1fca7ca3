package dev.skep.deployer.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.compose.Compose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where we send what the CLI drops or refuses. */
class DeviationsTest {
  @TempDir Path dir;

  /** The ContainerSpec of the service "web". */
  private JsonNode container(String yaml) throws IOException {
    Path file = Files.writeString(dir.resolve("f.yml"), yaml);
    return Converter.convert(Compose.load(List.of(file), Map.of("YES", "yes")), "s")
        .services()
        .getFirst()
        .path("TaskTemplate")
        .path("ContainerSpec");
  }

  @Test
  void theOomScoreIsHonoured() throws IOException {
    assertThat(container("services: {web: {image: a, oom_score_adj: -5}}").path("OomScoreAdj"))
        .hasToString("-5");
  }

  @Test
  void aServicesTmpfsIsHonoured() throws IOException {
    assertThat(
            container("services: {web: {image: a, tmpfs: ['/a:size=1k,mode=700', /b]}}")
                .path("Mounts"))
        .hasToString(
            "[{\"Type\":\"tmpfs\",\"Target\":\"/a\","
                + "\"TmpfsOptions\":{\"SizeBytes\":1024,\"Mode\":448}},"
                + "{\"Type\":\"tmpfs\",\"Target\":\"/b\"}]");
    assertThat(container("services: {web: {image: a, tmpfs: /a}}").path("Mounts"))
        .hasToString("[{\"Type\":\"tmpfs\",\"Target\":\"/a\"}]");
  }

  @Test
  void anImageMountMayHaveASubpath() throws IOException {
    assertThat(
            container(
                    "services: {web: {image: a, volumes:"
                        + " [{type: image, source: b, target: /b, image: {subpath: c}}]}}")
                .path("Mounts")
                .path(0)
                .path("ImageOptions"))
        .hasToString("{\"Subpath\":\"c\"}");
  }

  @Test
  void clusterOptionsMayBeEmpty() throws IOException {
    assertThat(
            container(
                    "services: {web: {image: a, volumes:"
                        + " [{type: cluster, source: 'group:b', target: /b, cluster: {}}]}}")
                .path("Mounts")
                .path(0)
                .path("ClusterOptions"))
        .hasToString("{}");
  }

  /** The CLI looks for it by the stack's name, and fails. */
  @Test
  void aCredentialSpecMayBeAnExternalConfig() throws IOException {
    assertThat(
            container(
                    "{services: {web: {image: a, credential_spec: {config: c}}},"
                        + " configs: {c: {external: true, name: own}}}")
                .path("Privileges")
                .path("CredentialSpec")
                .path("Config"))
        .hasToString("\"own\"");
  }

  /** The CLI writes 2026-01-02 00:00:00 +0000 UTC. */
  @Test
  void aDateWithoutQuotesStaysAsItIsWritten() throws IOException {
    assertThat(container("services: {web: {image: a, environment: {DAY: 2026-01-02}}}").path("Env"))
        .hasToString("[\"DAY=2026-01-02\"]");
  }

  /** The CLI makes a boolean of a variable at some places, and not at this. */
  @Test
  void initMayComeFromAVariable() throws IOException {
    assertThat(container("services: {web: {image: a, init: '${YES}'}}").path("Init"))
        .hasToString("true");
  }
}
