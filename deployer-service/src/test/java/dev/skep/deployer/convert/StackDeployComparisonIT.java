package dev.skep.deployer.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.compose.ComposeCases;
import dev.skep.testing.RequiresCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
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

  private static final JsonMapper PRETTY =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  static Stream<String> cases() {
    return ComposeCases.names();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void sendsWhatTheCliSends(String name) throws Exception {
    List<Path> files = ComposeCases.files(name);

    StackObjects ours = Converter.convert(Compose.load(files, ComposeCases.VARIABLES), STACK);

    assertThat(canonical(ours.toJson())).isEqualTo(recorded(name, files));
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
      assertThat(canonical(ours.toJson())).isEqualTo(canonical(sentTo(engine)));
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
        String sent = canonical(sentTo(engine));
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

  private static ObjectNode sentTo(RecordingEngine engine) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    for (String kind : List.of("networks", "secrets", "configs", "services")) {
      ArrayNode sorted = all.putArray(kind);
      StreamSupport.stream(engine.sent(kind).spliterator(), false)
          .sorted(Comparator.comparing(o -> o.path("Name").asText()))
          .forEach(sorted::add);
      sorted.forEach(StackDeployComparisonIT::sortEqualPorts);
    }
    return all;
  }

  /** The CLI leaves the order of ports with the same published port to chance. */
  private static void sortEqualPorts(JsonNode service) {
    if (service.path("EndpointSpec").path("Ports") instanceof ArrayNode ports) {
      List<JsonNode> sorted = new ArrayList<>();
      ports.forEach(sorted::add);
      sorted.sort(
          Comparator.<JsonNode>comparingInt(p -> p.path("PublishedPort").asInt())
              .thenComparingInt(p -> p.path("TargetPort").asInt())
              .thenComparing(p -> p.path("Protocol").asText()));
      ports.removeAll().addAll(sorted);
    }
  }

  /** Ids of the recording Engine become names; what Go writes for nothing is nothing. */
  private static String canonical(JsonNode tree) throws IOException {
    String text =
        tree.toString()
            .replace("\"id-", "\"")
            // Paths in the bodies start where the files happen to lie.
            .replace(ComposeCases.directory().getParent().toString(), "");
    return PRETTY.writeValueAsString(PRETTY.treeToValue(PRETTY.readTree(text), Object.class));
  }
}
