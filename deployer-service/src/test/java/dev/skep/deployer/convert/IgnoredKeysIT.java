package dev.skep.deployer.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.compose.ComposeCases;
import dev.skep.deployer.compose.ComposeException;
import dev.skep.testing.RequiresCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys that the real client ignores or refuses are those that we tell or refuse. */
@RequiresCommand("docker")
class IgnoredKeysIT {
  private static final String STACK = "dt-ignored";
  private static final Pattern OURS =
      Pattern.compile("'services\\.[^.]+\\.([a-z_]+)' (?:is not supported|is meant for|has no)");

  @TempDir Path dir;

  @BeforeAll
  static void findClient() throws Exception {
    assumeTrue(
        DockerClient.isTheRecorded(),
        "docker's client " + DockerClient.RECORDED + " is not installed");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"30-ignored.yml", "09-restart-policy.yml", "39-forms.yml", "01-minimal.yml"})
  void tellsTheKeysThatTheClientTells(String name) throws Exception {
    List<Path> files = ComposeCases.files(name);

    Set<String> ours =
        Compose.load(files, ComposeCases.VARIABLES).warnings().stream()
            .flatMap(w -> OURS.matcher(w.message()).results())
            .map(m -> m.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    try (RecordingEngine engine = new RecordingEngine()) {
      String told = DockerClient.deploy(engine, STACK, files, ComposeCases.VARIABLES).output();
      assertThat(ours).isEqualTo(ignoredByClient(told));
    }
  }

  @Test
  void refusesWhatTheClientRefuses() throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("refused.yml"),
            """
            services:
              web:
                image: a
                volume_driver: x
                volumes_from: [b]
                cpu_quota: 1
                cpu_shares: 1
                cpuset: "0"
                mem_limit: 1g
                memswap_limit: 1g
            """);

    Throwable ours = catchThrowable(() -> Compose.load(List.of(file), Map.of()));

    try (RecordingEngine engine = new RecordingEngine()) {
      DockerClient.Run theirs = DockerClient.deploy(engine, STACK, List.of(file), Map.of());
      assertThat(theirs.exit()).isNotZero();
      // Extends is refused by the client alone.
      assertThat(keys("(?m)^([a-z_]+): ", theirs.output()))
          .isNotEmpty()
          .isEqualTo(keys("'services\\.web\\.([a-z_]+)' cannot be used", ours.getMessage()));
    }
    assertThat(ours).isInstanceOf(ComposeException.class);
  }

  /** "Ignoring unsupported options: a, b", and deprecated ones as "key: why" in lines below. */
  private static Set<String> ignoredByClient(String told) {
    Set<String> result = keys("(?m)^([a-z_]+): [A-Z]", told);
    Pattern.compile("Ignoring unsupported options: (.*)")
        .matcher(told)
        .results()
        .forEach(m -> result.addAll(Arrays.asList(m.group(1).strip().split(", ", -1))));
    return result;
  }

  private static Set<String> keys(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult m) -> m.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
