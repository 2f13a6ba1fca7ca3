package dev.skep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What everybody relies on who runs our images: {@code ./skep images build} made them. */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage({
  "skep/inventory-service:0.1.0",
  "skep/node-agent:0.1.0",
  "skep/deployer-service:0.1.0",
  "skep/edge-config-service:0.1.0",
  "skep/edge-agent:0.1.0",
  "skep/cert-service:0.1.0",
  "skep/monitor-service:0.1.0",
  "skep/cli:0.1.0"
})
class OwnImagesIT {
  /** As the stack runs them. */
  private static final List<String> LOCKED_UP =
      List.of("run", "--rm", "--read-only", "--cap-drop", "ALL", "--network", "none");

  private static final int BAD_CONFIGURATION = 2;

  @TempDir Path dir;

  private record Output(int code, String text) {}

  @ParameterizedTest
  @CsvSource({
    "inventory-service,8420:8420",
    "node-agent,8420:8420",
    "deployer-service,8420:8420",
    "edge-config-service,8420:8420",
    "edge-agent,99:99",
    "cert-service,8420:8420",
    "monitor-service,8420:8420",
    "cli,8420:8420"
  })
  void itSaysWhatItIsAndRunsWithoutRoot(String name, String user) throws Exception {
    JsonNode config = Json.mapper().readTree(docker("inspect", image(name)).text()).get(0);
    config = config.path("Config");

    assertThat(config.path("User").asText()).isEqualTo(user);
    JsonNode labels = config.path("Labels");
    assertThat(labels.path("org.opencontainers.image.title").asText()).isEqualTo(name);
    assertThat(labels.path("org.opencontainers.image.version").asText()).isEqualTo("0.1.0");
    assertThat(labels.path("org.opencontainers.image.licenses").asText()).isEqualTo("Apache-2.0");
    assertThat(labels.path("org.opencontainers.image.revision").asText()).isNotEmpty();
    assertThat(labels.path("org.opencontainers.image.created").asText()).startsWith("20");
    assertThat(config.path("Healthcheck").path("Test").path(1).asText())
        .isEqualTo(name.equals("cli") ? "true" : "/opt/skep/bin/health");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inventory-service",
        "node-agent",
        "deployer-service",
        "edge-config-service",
        "edge-agent",
        "cert-service",
        "monitor-service"
      })
  void itStartsFromItsCacheOnAReadOnlyRootAndNamesEverySettingThatIsMissing(String name)
      throws Exception {
    // AOTMode=on: an unusable cache ends it with another message.
    Output output =
        run(name, List.of("-e", "SKEP_JAVA_OPTIONS=-XX:AOTMode=on -Xlog:class+load"), List.of());

    assertThat(output.code()).as(output.text()).isEqualTo(BAD_CONFIGURATION);
    assertThat(output.text())
        .contains("SKEP_KAFKA_BOOTSTRAP is not set")
        .containsPattern("dev\\.skep\\.[a-z.]*Main source: shared objects file");
    assertThat(loadedFrom(output.text(), "file:/opt/skep/lib/"))
        .as("classes of jars that the cache lacks")
        .isLessThan(loadedFrom(output.text(), "shared objects file") / 20);
  }

  @Test
  void theCommandLineStartsFromItsCacheWithAllOfItsLibraries() throws Exception {
    Output output =
        run(
            "cli",
            List.of("-e", "SKEP_JAVA_OPTIONS=-XX:AOTMode=on -Xlog:class+load"),
            List.of("skep", "--version"));

    assertThat(output.code()).as(output.text()).isZero();
    assertThat(output.text())
        .contains("skep 0.1.0", "picocli.CommandLine source: shared objects file");
  }

  @Test
  void aCacheThatCannotBeUsedKeepsNothingFromStarting() throws Exception {
    Path spoilt = Files.writeString(dir.resolve("app.aot"), "no cache");

    Output output = run("cert-service", List.of("-v", spoilt + ":/opt/skep/app.aot:ro"), List.of());

    assertThat(output.code()).as(output.text()).isEqualTo(BAD_CONFIGURATION);
    assertThat(output.text()).contains("SKEP_KAFKA_BOOTSTRAP is not set");
  }

  @Test
  void withoutAServiceTheHealthCheckFails() throws Exception {
    assertThat(run("cert-service", List.of("--entrypoint", "/opt/skep/bin/health"), List.of()))
        .extracting(Output::code)
        .isEqualTo(1);
  }

  @Test
  void aNewVolumeOfTheEdgeBelongsToHaproxysUser() throws Exception {
    String volume = "own-images-it-" + ProcessHandle.current().pid();
    try {
      List<String> mounted = List.of("-v", volume + ":/var/lib/skep-edge", "--entrypoint", "stat");
      assertThat(run("edge-agent", mounted, List.of("-c", "%u:%g %a", "/var/lib/skep-edge")).text())
          .isEqualTo("99:99 755");
    } finally {
      docker("volume", "rm", "-f", volume);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "inventory-service,inventory-service",
    "node-agent,inventory-service",
    "deployer-service,deployer-service",
    "edge-config-service,edge-config-service",
    "edge-agent,edge-config-service",
    "cert-service,cert-service",
    "monitor-service,monitor-service",
    "cli,skep-cli"
  })
  void itsListOfPartsHasItsJarsTheDistributionsPackagesAndTheRuntime(String name, String module)
      throws Exception {
    Output output = run(name, List.of("--entrypoint", "cat"), List.of("/opt/skep/sbom.json"));
    JsonNode bom = Json.mapper().readTree(output.text());

    assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(bom.path("specVersion").asText()).isEqualTo("1.6");
    assertThat(bom.path("metadata").path("component").path("name").asText()).isEqualTo(name);
    Set<String> purls =
        bom.path("components")
            .valueStream()
            .map(c -> c.path("purl").asText())
            .map(p -> p.replaceFirst("@.*", ""))
            .collect(Collectors.toSet());
    assertThat(purls)
        .contains(
            "pkg:maven/dev.skep/" + module,
            "pkg:maven/org.apache.kafka/kafka-clients",
            "pkg:deb/debian/libc6",
            "pkg:generic/openjdk")
        .as("the broker is for training alone")
        .doesNotContain("pkg:maven/org.apache.kafka/kafka_2.13");
  }

  private static long loadedFrom(String log, String source) {
    return log.lines().filter(l -> l.contains("source: " + source)).count();
  }

  private static Output run(String name, List<String> options, List<String> arguments)
      throws Exception {
    return docker(
        Stream.of(LOCKED_UP, options, List.of(image(name)), arguments)
            .flatMap(List::stream)
            .toArray(String[]::new));
  }

  private static String image(String name) {
    return "skep/" + name + ":0.1.0";
  }

  private static Output docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return new Output(process.waitFor(), output);
  }
}
