package dev.skep.deployer.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where we go beyond the CLI, or warn where it says nothing. */
class ComposeTest {
  @TempDir Path dir;

  private ComposeFile load(Map<String, String> env, String yaml) throws IOException {
    return Compose.load(List.of(Files.writeString(dir.resolve("f.yml"), yaml)), env);
  }

  @Test
  void defaultsMayHoldVariables() throws Exception {
    ComposeFile file = load(Map.of("B", "b"), "services: {web: {image: \"x:${A:-${B}-${C:-c}}\"}}");

    assertThat(file.services().get("web").text("image")).isEqualTo("x:b-c");
  }

  @Test
  void ignoredKeysAreWarnedAboutWithTheirPlace() throws Exception {
    ComposeFile file =
        load(Map.of(), "services:\n  web:\n    image: a\n    privileged: true\n    links: [b]\n");

    assertThat(file.warnings())
        .extracting(w -> w.mark().line() + ": " + w.message())
        .containsExactly(
            "4: 'services.web.privileged' is not supported by Swarm: ignored",
            "5: 'services.web.links' is not supported by Swarm: ignored");
  }

  @Test
  void aSuffixThatIsReadAsADefaultIsWarnedAbout() throws Exception {
    ComposeFile file = load(Map.of("TAG", "1"), "services: {web: {image: nginx:$TAG-alpine}}");

    assertThat(file.warnings())
        .singleElement()
        .extracting(ComposeProblem::message)
        .asString()
        .contains("write ${TAG} if the rest is text");
  }

  @Test
  void aVolumeOfOneLetterIsWarnedAboutSinceItReadsLikeADrive() throws Exception {
    ComposeFile file = load(Map.of(), "services: {web: {image: a, volumes: ['v:/data']}}");

    assertThat(file.warnings())
        .singleElement()
        .extracting(ComposeProblem::message)
        .asString()
        .contains("is read as a path on Windows");
  }

  @Test
  void aConfigMayHoldItsContent() throws Exception {
    ComposeFile file =
        load(
            Map.of("WHO", "world"),
            "{services: {web: {image: a}}, configs: {c: {content: \"hello $WHO\"}}}");

    String data = ComposeFile.data(file.section("configs").get("c"));
    assertThat(new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8))
        .isEqualTo("hello world");
  }

  @Test
  void bothProtocolsOfAPortSurviveAMerge() throws Exception {
    Path first =
        Files.writeString(
            dir.resolve("1.yml"), "services: {d: {image: a, ports: ['53:53/tcp', '53:53/udp']}}");
    Path second = Files.writeString(dir.resolve("2.yml"), "services: {d: {user: u}}");

    ComposeFile file = Compose.load(List.of(first, second), Map.of());

    assertThat(file.services().get("d").itemsOf("ports"))
        .extracting(p -> ((Value.Fields) p).text("protocol"))
        .containsExactly("tcp", "udp");
  }

  @Test
  void portsThatAreNotPublishedSurviveAMerge() throws Exception {
    Path first =
        Files.writeString(dir.resolve("1.yml"), "services: {d: {image: a, ports: ['53', '54']}}");
    Path second = Files.writeString(dir.resolve("2.yml"), "services: {d: {ports: ['55', '54']}}");

    ComposeFile file = Compose.load(List.of(first, second), Map.of());

    assertThat(file.services().get("d").itemsOf("ports"))
        .extracting(p -> ((Value.Fields) p).text("target"))
        .containsExactly("53", "54", "55");
  }

  @Test
  void theFirstOfSeveralDocumentsIsReadAndTheOthersAreTold() throws Exception {
    ComposeFile file = load(Map.of(), "services: {web: {image: a}}\n---\nservices: {}\n");

    assertThat(file.services()).containsOnlyKeys("web");
    assertThat(file.warnings())
        .singleElement()
        .extracting(ComposeProblem::message)
        .asString()
        .contains("several documents");
  }

  @Test
  void aFileWithNothingToDeployIsAnErrorAndOneWithAConfigAloneIsNone() throws Exception {
    ComposeFile file = load(Map.of("V", "v"), "configs: {c: {environment: V}}");

    assertThat(file.section("configs")).containsOnlyKeys("c");
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> load(Map.of(), "networks: {n: {}}")))
        .hasMessageContaining("'services' is missing");
  }

  @Test
  void readsOnlyWhatItsSourceGives() throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("f.yml"), "{services: {w: {image: a, env_file: /etc/hostname}}}");
    FileSource confined =
        (path, limit) -> {
          if (!path.startsWith(dir)) {
            throw new IOException("'" + path + "' is outside of the checkout");
          }
          return FileSource.LOCAL.read(path, limit);
        };

    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> Compose.load(List.of(file), Map.of(), confined)))
        .hasMessageContaining("'/etc/hostname' is outside of the checkout");
  }

  @Test
  void neitherFileNorValuesPrintWhatTheyHold() throws Exception {
    ComposeFile file =
        load(Map.of(), "services: {web: {image: a, environment: {PASSWORD: hunter2}}}");

    assertThat(file.toString() + file.root()).doesNotContain("hunter2");
  }
}
