package dev.skep.deployer.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.compose.ComposeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** The TaskTemplate of the service "web" of several files. */
  private JsonNode task(String... yamls) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String yaml : yamls) {
      files.add(Files.writeString(dir.resolve(files.size() + ".yml"), yaml));
    }
    return Converter.convert(Compose.load(files, Map.of("YES", "yes")), "s")
        .services()
        .getFirst()
        .path("TaskTemplate");
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

  /** The CLI's parser ends the text at the question mark, and knows no such escape. */
  @Test
  void yamlIsReadByItsNewerVersion() throws IOException {
    assertThat(
            container("services: {web: {image: a, environment: {A: http://b/?c=d, E: \"f\\/g\"}}}")
                .path("Env"))
        .hasToString("[\"A=http://b/?c=d\",\"E=f/g\"]");
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

  /** The CLI takes what stands behind the dash for a default, and sends " please". */
  @Test
  void theMessageOfARequiredVariableMayHoldADash() throws IOException {
    assertThat(
            container("services: {web: {image: a, hostname: '${YES:?set it - please}'}}")
                .path("Hostname"))
        .hasToString("\"yes\"");
  }

  /** The CLI forgets the first one's error over the second one. */
  @Test
  void aMissingVariableIsAnErrorWhereverItStands() {
    assertThatThrownBy(
            () -> container("services: {web: {image: a, hostname: '${NO:?set it}-${YES}'}}"))
        .isInstanceOf(ComposeException.class)
        .hasMessageContaining("required variable NO is missing a value: set it");
  }

  /** The CLI loses them if the first file has none. */
  @Test
  void optionsOfALaterFileReachTheLoggingDriver() throws IOException {
    assertThat(
            task(
                    "services: {web: {image: a, logging: {driver: d}}}",
                    "services: {web: {logging: {driver: d, options: {a: b}}}}")
                .path("LogDriver"))
        .hasToString("{\"Name\":\"d\",\"Options\":{\"a\":\"b\"}}");
  }

  /** The CLI refuses both together, and nothing takes back the first. */
  @Test
  void aLaterFileMayDisableAHealthCheck() throws IOException {
    assertThat(
            task(
                    "services: {web: {image: a, healthcheck: {test: x}}}",
                    "services: {web: {healthcheck: {disable: true}}}")
                .path("ContainerSpec")
                .path("Healthcheck"))
        .hasToString("{\"Test\":[\"NONE\"]}");
  }

  @Test
  void aLaterFileMayMakeAServiceGlobalThatHadReplicas() throws IOException {
    Path first =
        Files.writeString(
            dir.resolve("1.yml"), "services: {web: {image: a, deploy: {replicas: 2}}}");
    Path second =
        Files.writeString(dir.resolve("2.yml"), "services: {web: {deploy: {mode: global}}}");

    assertThat(
            Converter.convert(Compose.load(List.of(first, second), Map.of()), "s")
                .services()
                .getFirst()
                .path("Mode"))
        .hasToString("{\"Global\":{}}");
  }

  /** The CLI drops a host without a separator, and sends an empty address. */
  @ParameterizedTest
  @ValueSource(strings = {"[name]", "['name:']", "['name:${NO}']"})
  void anExtraHostMustHaveAnAddress(String hosts) {
    assertThatThrownBy(
            () -> container("services: {web: {image: a, extra_hosts: %s}}".formatted(hosts)))
        .isInstanceOf(ComposeException.class)
        .hasMessageContaining("must be HOST:ADDRESS");
  }

  /** The CLI sends them as they are; the Engine takes and keeps them as small ones. */
  @Test
  void capitalsOfALongPortBecomeSmallLetters() throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("f.yml"),
            "services: {web: {image: a, ports: [{target: 53, protocol: UDP, mode: Host}]}}");

    assertThat(
            Converter.convert(Compose.load(List.of(file), Map.of()), "s")
                .services()
                .getFirst()
                .path("EndpointSpec")
                .path("Ports"))
        .hasToString("[{\"Protocol\":\"udp\",\"TargetPort\":53,\"PublishMode\":\"host\"}]");
  }
}
