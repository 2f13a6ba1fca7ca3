package dev.skep.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever made an image, a registry or this tree: it keeps what the official one promises. What is
 * expected here is the official images' own, so the test holds for both.
 */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage({
  "debian:trixie-slim",
  "eclipse-temurin:25-jdk",
  "haproxy:3.4",
  "apache/kafka:4.3.1",
  "prom/prometheus:v3.5.0",
  "prom/alertmanager:v0.33.0",
  "prom/node-exporter:v1.9.1"
})
class ThirdPartyImagesIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<ImageContract> contracts() {
    return ImageContract.all();
  }

  @Test
  void everyImageThatCanBeBuiltHasAContract() throws Exception {
    Path list = Path.of(System.getProperty("skep.root"), "images", "third-party");
    List<String> listed =
        Files.readAllLines(list).stream()
            .filter(line -> !line.startsWith("#") && !line.endsWith(" -"))
            .map(line -> line.substring(0, line.indexOf(' ')))
            .toList();
    assertThat(ImageContract.all())
        .extracting(ImageContract::image)
        .containsExactlyInAnyOrderElementsOf(listed);
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void itSaysOfItselfWhatTheOfficialOneSays(ImageContract wanted) throws Exception {
    JsonNode config =
        JSON.readTree(
            Containers.docker("image", "inspect", "--format", "{{json .Config}}", wanted.image()));
    assertThat(config.path("User").asText()).isEqualTo(wanted.user());
    assertThat(texts(config.path("Entrypoint"))).isEqualTo(wanted.entrypoint());
    assertThat(texts(config.path("Cmd"))).isEqualTo(wanted.command());
    assertThat(names(config.path("ExposedPorts"))).isEqualTo(wanted.ports());
    assertThat(names(config.path("Volumes"))).isEqualTo(wanted.volumes());
    assertThat(config.path("StopSignal").asText("")).isEqualTo(wanted.stopSignal());
    if (!wanted.workingDir().isEmpty()) {
      assertThat(config.path("WorkingDir").asText()).isEqualTo(wanted.workingDir());
    }
    wanted
        .environment()
        .forEach(
            (name, end) ->
                assertThat(texts(config.path("Env")))
                    .as(name)
                    .anyMatch(v -> v.startsWith(name + "=") && v.endsWith(end)));
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void itRunsAsItsUserAndHasItsPathsUnderAReadOnlyRoot(ImageContract wanted) {
    String missing =
        "for p in "
            + String.join(" ", wanted.paths())
            + "; do test -e $p || echo missing $p; done; ";
    assertThat(Containers.inImage(wanted.image(), missing + "id -u"))
        .isEqualTo(Integer.toString(wanted.uid()));
  }

  @ParameterizedTest
  @CsvSource({
    "prom/prometheus:v3.5.0, http://127.0.0.1:9090/-/ready",
    "prom/alertmanager:v0.33.0, http://127.0.0.1:9093/-/ready",
    "prom/node-exporter:v1.9.1, http://127.0.0.1:9100/metrics"
  })
  void itServesAsNobodyUnderAReadOnlyRoot(String image, String url) {
    try (Containers containers = new Containers()) {
      String id = containers.start(List.of(), image);
      Awaitility.await(image)
          .atMost(Duration.ofSeconds(60))
          .failFast(() -> assertThat(Containers.runs(id)).as(Containers.logs(id)).isTrue())
          .until(() -> Containers.run("exec", id, "wget", "-qO-", url).status() == 0);
      assertThat(Containers.docker("exec", id, "grep", "-w", "Uid:", "/proc/1/status"))
          .matches("Uid:(\\s+65534){4}");
    }
  }

  @Test
  void aRuntimeThatTheJdkLinksRunsOnTheSlimBase() {
    String volume = "skep-test-" + UUID.randomUUID();
    try {
      Containers.docker(
          "run",
          "--rm",
          "--network",
          "none",
          "--volume",
          volume + ":/out",
          "eclipse-temurin:25-jdk",
          "jlink",
          "--add-modules",
          "java.base",
          "--strip-debug",
          "--output",
          "/out/jre");
      assertThat(
              Containers.docker(
                  "run",
                  "--rm",
                  "--network",
                  "none",
                  "--volume",
                  volume + ":/out",
                  "debian:trixie-slim",
                  "/out/jre/bin/java",
                  "-version"))
          .contains("version \"25");
    } finally {
      Containers.run("volume", "rm", "--force", volume);
    }
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    names.sort(null);
    return names;
  }
}
