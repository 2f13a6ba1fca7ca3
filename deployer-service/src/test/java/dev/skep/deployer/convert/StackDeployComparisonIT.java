package dev.skep.deployer.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.compose.ComposeCases;
import dev.skep.testing.RequiresCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What we convert a compose file to is what the real {@code docker stack deploy} sends for it.
 *
 * <p>Older clients know less of the format, newer ones may send other defaults: what client {@value
 * DockerClient#RECORDED} sends is recorded under {@code stack-deploy/}, and where that very client
 * is installed the records are held against what it sends now. {@code -Dskep.record=true} writes
 * them anew.
 */
@RequiresCommand("docker")
class StackDeployComparisonIT {
  private static final String STACK = "dt-compare";
  private static final Path RECORDS =
      Path.of(System.getProperty("skep.root"), "deployer-service/src/test/resources/stack-deploy");
  private static boolean thatClient;

  @BeforeAll
  static void findClient() throws Exception {
    thatClient = DockerClient.isTheRecorded();
  }

  static Stream<String> cases() {
    return ComposeCases.names();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void sendsWhatTheCliSends(String name) throws Exception {
    List<Path> files = ComposeCases.files(name);

    StackObjects ours = Converter.convert(Compose.load(files, ComposeCases.VARIABLES), STACK);

    assertThat(Comparison.canonical(ours.toJson())).isEqualTo(recorded(name, files));
  }

  /** The files change with the suite: they are held against the client itself, without a record. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"stack.yml", "stack.yml,lab/stack.lab.yml", "stack.yml,stack.kafka-3.yml"})
  void theSuitesOwnStackIsWhatTheCliMakesOfIt(String names) throws Exception {
    assumeTrue(thatClient, "docker's client " + DockerClient.RECORDED + " is not installed");
    Path root = Path.of(System.getProperty("skep.root"));
    List<Path> files = Stream.of(names.split(",", -1)).map(root::resolve).toList();
    Map<String, String> env = required(files);

    StackObjects ours = Converter.convert(Compose.load(files, env), STACK);

    try (RecordingEngine engine = new RecordingEngine()) {
      deployByCli(engine, files, env);
      assertThat(Comparison.canonical(ours.toJson())).isEqualTo(Comparison.sent(engine));
    }
  }

  /** A value for every variable without which a file cannot be read; it is good for a file, too. */
  private static Map<String, String> required(List<Path> files) throws IOException {
    Map<String, String> env = new TreeMap<>();
    for (Path file : files) {
      Pattern.compile("\\$\\{([A-Z0-9_]+):?\\?")
          .matcher(Files.readString(file))
          .results()
          .forEach(m -> env.put(m.group(1), file.toString()));
    }
    return env;
  }

  /** What the client sends, from the records; compared with the client itself where it is there. */
  private static String recorded(String name, List<Path> files) throws Exception {
    Path record = RECORDS.resolve(name + ".json");
    if (thatClient) {
      try (RecordingEngine engine = new RecordingEngine()) {
        deployByCli(engine, files, ComposeCases.VARIABLES);
        String sent = Comparison.sent(engine);
        if (Boolean.getBoolean("skep.record")) {
          Files.createDirectories(RECORDS);
          Files.writeString(record, sent + "\n");
        }
        assertThat(Files.readString(record).strip()).as("the record of " + name).isEqualTo(sent);
      }
    }
    return Files.readString(record).strip();
  }

  private static void deployByCli(
      RecordingEngine engine, List<Path> files, Map<String, String> variables) throws Exception {
    DockerClient.Run run = DockerClient.deploy(engine, STACK, files, variables);
    assertThat(run.exit()).as(run.output()).isZero();
  }
}
