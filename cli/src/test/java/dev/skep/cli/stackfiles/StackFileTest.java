package dev.skep.cli.stackfiles;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.compose.ComposeFile;
import dev.skep.deployer.convert.Converter;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every service of stack.yml keeps to, as it is sent to the Engine. */
class StackFileTest {
  private static final Path ROOT = Path.of(System.getProperty("skep.root"));
  private static final Map<String, String> REQUIRED =
      Map.of(
          "SKEP_KAFKA_CLUSTER_ID", "AAAAAAAAAAAAAAAAAAAAAA",
          "SKEP_KAFKA_VOTERS", "1@kafka:9093,2@kafka-2:9093,3@kafka-3:9093",
          "SKEP_KAFKA_REPLICAS", "3",
          "SKEP_KAFKA_MIN_INSYNC", "2",
          "SKEP_HOOKS_HOST", "hooks.example.org");

  /** Images whose Dockerfile in images/ says how their health is asked. */
  private static final String OWN_IMAGES = "skep/.+";

  /** Those that listen to nothing: a command to be run by hand, and a job that ends by itself. */
  private static final Set<String> WITHOUT_HEALTH = Set.of("skep_admin", "skep_kafka-init");

  /** Those that the stack runs as root: without a capability, for the Engine's socket is root's. */
  private static final Set<String> ROOTS = Set.of("skep_engine-read", "skep_engine-write");

  private static final Map<String, Set<String>> CAPABILITIES =
      Map.of("skep_keepalived", Set.of("NET_ADMIN", "NET_RAW", "SETUID", "SETGID"));

  static Stream<JsonNode> services() {
    return Stream.of(
            List.of("stack.yml"),
            List.of("stack.yml", "stack.kafka-3.yml"),
            List.of("stack.yml", "stack.hooks.yml"))
        .flatMap(
            names -> {
              List<Path> files = names.stream().map(ROOT::resolve).toList();
              return Converter.convert(Compose.load(files, REQUIRED), "skep").services().stream();
            });
  }

  @ParameterizedTest
  @MethodSource("services")
  void hasLimitsAndItsLogsAreRotated(JsonNode service) {
    JsonNode template = service.path("TaskTemplate");

    assertThat(template.at("/Resources/Limits/MemoryBytes").asLong()).as("memory").isPositive();
    assertThat(template.at("/Resources/Limits/Pids").asLong()).as("pids").isPositive();
    assertThat(template.at("/Resources/Reservations/MemoryBytes").asLong())
        .as("reserved memory")
        .isPositive();
    assertThat(template.at("/LogDriver/Name").asText()).isEqualTo("json-file");
    assertThat(template.at("/LogDriver/Options/max-size").asText()).isNotEmpty();
    assertThat(template.at("/LogDriver/Options/max-file").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("services")
  void hasNothingToWriteToAndNoRightsButThoseItNeeds(JsonNode service) {
    JsonNode container = service.at("/TaskTemplate/ContainerSpec");
    String name = service.path("Name").asText();

    assertThat(container.path("ReadOnly").asBoolean()).as("read-only root").isTrue();
    assertThat(texts(container.path("CapabilityDrop"))).containsExactly("ALL");
    assertThat(texts(container.path("CapabilityAdd")))
        .containsExactlyInAnyOrderElementsOf(
            CAPABILITIES.getOrDefault(name, Set.of()).stream().map(c -> "CAP_" + c).toList());
    assertThat(container.path("User").asText().startsWith("0"))
        .as("is root")
        .isEqualTo(ROOTS.contains(name));
  }

  @ParameterizedTest
  @MethodSource("services")
  void saysHowItIs(JsonNode service) {
    JsonNode container = service.at("/TaskTemplate/ContainerSpec");
    JsonNode test = container.at("/Healthcheck/Test");
    String name = service.path("Name").asText();

    if (WITHOUT_HEALTH.contains(name)) {
      assertThat(texts(test)).containsExactly("NONE");
    } else if (container.path("Image").asText().matches(OWN_IMAGES)) {
      assertThat(texts(test)).as("the image's own").isEmpty();
    } else {
      assertThat(texts(test)).hasSizeGreaterThan(1).first().isEqualTo("CMD");
    }
  }

  @ParameterizedTest
  @MethodSource("services")
  void isUpdatedAndGoesBackInAWayThatItsPortsAllow(JsonNode service) {
    if (service.at("/Mode/ReplicatedJob").isObject()) {
      return;
    }
    boolean hostPorts =
        StreamSupport.stream(service.at("/EndpointSpec/Ports").spliterator(), false)
            .anyMatch(port -> port.path("PublishMode").asText().equals("host"));

    assertThat(service.at("/UpdateConfig/FailureAction").asText()).isEqualTo("rollback");
    assertThat(service.at("/UpdateConfig/Parallelism").asInt()).isBetween(1, 2);
    assertThat(service.at("/RollbackConfig/Parallelism").asInt()).isBetween(1, 2);
    if (hostPorts) {
      assertThat(service.at("/UpdateConfig/Parallelism").asInt()).isEqualTo(1);
      assertThat(service.at("/UpdateConfig/Order").asText()).isEqualTo("stop-first");
      assertThat(service.at("/RollbackConfig/Order").asText()).isEqualTo("stop-first");
    }
  }

  @ParameterizedTest
  @MethodSource("services")
  void isReachedByItsNameAloneAndPublishesNothingThroughTheMesh(JsonNode service) {
    boolean job = service.at("/Mode/ReplicatedJob").isObject();
    boolean onHost =
        StreamSupport.stream(service.at("/TaskTemplate/Networks").spliterator(), false)
            .anyMatch(network -> network.path("Target").asText().equals("host"));

    if (!job && !onHost) {
      assertThat(service.at("/EndpointSpec/Mode").asText()).isEqualTo("dnsrr");
    }
    assertThat(service.at("/EndpointSpec/Ports"))
        .allMatch(port -> port.path("PublishMode").asText().equals("host"));
  }

  @Test
  void theThreeBrokersDifferInTheirNamesAndNumbersAlone() {
    Map<String, Set<String>> environments = new TreeMap<>();
    services()
        .filter(s -> s.path("Name").asText().matches("skep_kafka(-[23])?"))
        .forEach(
            s ->
                // The last one of a name: that of the override.
                environments.put(
                    s.path("Name").asText(),
                    texts(s.at("/TaskTemplate/ContainerSpec/Env")).stream()
                        .filter(e -> !e.matches("KAFKA_(NODE_ID|ADVERTISED_LISTENERS)=.*"))
                        .collect(Collectors.toCollection(TreeSet::new))));

    assertThat(environments).hasSize(3);
    assertThat(Set.copyOf(environments.values())).hasSize(1);
  }

  @Test
  void theDeployerIsServedByTheEdgeOnlyWithItsOverrideAndOnlyForWebhooks() {
    JsonNode alone = deployer("stack.yml");
    JsonNode hooks = deployer("stack.yml", "stack.hooks.yml");

    assertThat(alone.path("Labels").has("traefik.enable")).isFalse();
    assertThat(networks(alone)).doesNotContain("skep-edge");
    assertThat(hooks.path("Labels").path("traefik.http.routers.skep-hooks.rule").asText())
        .isEqualTo("Host(`hooks.example.org`) && PathPrefix(`/hooks/`)");
    assertThat(networks(hooks)).contains("skep-edge").containsAll(networks(alone));
  }

  @Test
  void sourcesOfOnesOwnComeWithAnOverride() {
    JsonNode own = deployer("stack.yml", "cli/src/test/resources/stackfiles/stack.sources.yml");
    JsonNode container = own.at("/TaskTemplate/ContainerSpec");

    assertThat(container.path("Configs"))
        .filteredOn(c -> c.at("/File/Name").asText().equals("/etc/skep/sources.yml"))
        .singleElement()
        .satisfies(c -> assertThat(c.path("ConfigName").asText()).isEqualTo("skep_sources"));
    assertThat(container.path("Secrets"))
        .extracting(s -> s.at("/File/Name").asText())
        .contains("shop_token", "shop_age", "deployer.json", "kafka.pem");
    assertThat(texts(container.path("Env"))).contains("SKEP_SOURCES_FILE=/etc/skep/sources.yml");
  }

  private static JsonNode deployer(String... files) {
    List<Path> paths = Stream.of(files).map(ROOT::resolve).toList();
    return Converter.convert(Compose.load(paths, REQUIRED), "skep").services().stream()
        .filter(s -> s.path("Name").asText().equals("skep_deployer"))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> networks(JsonNode service) {
    return StreamSupport.stream(service.at("/TaskTemplate/Networks").spliterator(), false)
        .map(n -> n.path("Target").asText())
        .toList();
  }

  @Test
  void aChangedFileHasAnotherNameAndAnUnchangedOneKeepsIt() throws Exception {
    ComposeFile file = Compose.load(List.of(ROOT.resolve("stack.yml")), REQUIRED);
    List<String> names = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (JsonNode config : Converter.convert(file, "skep").configs()) {
      String name = config.path("Name").asText();
      byte[] content = config.path("Data").binaryValue();
      names.add(name);
      expected.add(name.replaceFirst("_[^_]*$", "_" + sha256(content).substring(0, 8)));
    }

    assertThat(names).hasSizeGreaterThan(10).isEqualTo(expected);
  }

  private static String sha256(byte[] content) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }
}
