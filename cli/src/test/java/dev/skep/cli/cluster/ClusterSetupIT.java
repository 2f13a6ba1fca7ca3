package dev.skep.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.CliException;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.Filters;
import dev.skep.engine.Query;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** init and uninstall on a real Swarm of one node. */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage("haproxy:3.4")
class ClusterSetupIT {
  private static final String HOST =
      Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("unix:///var/run/docker.sock");
  private static final String PASSPHRASE = "correct horse battery";
  private static final String FOREIGN = "skep-setup-it-foreign";

  @TempDir Path temp;

  private final EngineClient engine = EngineClient.connect(EngineConfig.of(URI.create(HOST)));
  private Map<String, String> environment = Map.of();

  @BeforeEach
  void onlyOnAClusterThatIsFree() throws Exception {
    assertThat(new Uninstall(engine, _ -> {}).plan())
        .as("a suite is set up on this Engine; this test would take it away: skep uninstall")
        .isEmpty();
    Files.writeString(temp.resolve("stack.yml"), "version: \"3.9\"\n");
    Path passphrase = Files.writeString(temp.resolve("passphrase"), PASSPHRASE + "\n");
    environment = Map.of(Passphrase.VARIABLE, passphrase.toString());
  }

  @AfterEach
  void takeAway() throws Exception {
    docker("service", "rm", FOREIGN, "skep_" + FOREIGN, "skep_prometheus");
    docker("secret", "rm", FOREIGN, "skep_" + FOREIGN);
    uninstall("--yes");
    docker("network", "rm", FOREIGN, "skep-edge");
    docker("volume", "rm", FOREIGN, "skep_prometheus", "skep_edge");
    docker("node", "update", "--label-rm", FOREIGN, node());
    engine.close();
  }

  /** How a command ended, and what it said. */
  private record Ran(int code, String said) {}

  @Test
  void aSecondRunFindsEverythingAndChangesNothing() throws Exception {
    Ran first = init("--defaults");
    Map<String, String> before = versions();
    Path kit = temp.resolve("skep-recovery.age");
    byte[] kitBefore = Files.readAllBytes(kit);
    String envBefore = Files.readString(temp.resolve(".env"));

    environment = Map.of();
    Ran second = init("--defaults");

    assertThat(first.code()).as(first.said()).isZero();
    assertThat(second.code()).as(second.said()).isZero();
    assertThat(before).hasSize(Material.names().size() + 3);
    assertThat(versions()).isEqualTo(before);
    assertThat(kit).hasBinaryContent(kitBefore);
    assertThat(temp.resolve(".env")).hasContent(envBefore);
    assertThat(second.said()).contains("secrets    exist", "network    skep-edge exists");
  }

  @Test
  void nothingSecretIsSaidOrWrittenAndTheKitHoldsWhatTheSwarmGotToo() throws Exception {
    Ran ran = process("init", "--defaults", "--dir", temp.toString());

    assertThat(ran.code()).as(ran.said()).isZero();
    Material material = RecoveryKit.open(temp.resolve("skep-recovery.age"), passphrase());
    List<String> secrets = new ArrayList<>(material.secrets().values());
    secrets.add(material.caKey());
    secrets.add(PASSPHRASE);
    List<String> places =
        List.of(ran.said(), Files.readString(temp.resolve(".env")), engine.configs().toString());
    for (String secret : secrets) {
      for (String line : secret.lines().filter(l -> !l.startsWith("-----")).toList()) {
        // Certificates are in some of them, and are no secret.
        if (!material.ca().contains(line)) {
          assertThat(places).noneMatch(place -> place.contains(line));
        }
      }
    }
    assertThat(hashesInTheSwarm()).isEqualTo(hashes(material));
    assertThat(files())
        .containsExactlyInAnyOrder(".env", "passphrase", "skep-recovery.age", "stack.yml");
  }

  @Test
  void whatIsMissingIsToldAndComesBackFromTheKit() throws Exception {
    assertThat(init("--defaults").code()).isZero();
    Path kit = temp.resolve("safe.age");
    Files.move(temp.resolve("skep-recovery.age"), kit);
    docker("secret", "rm", "skep_keys_edge", "skep_kafka_cert");
    Map<String, String> before = versions();

    Ran told = init("--defaults");

    assertThat(told.code()).isEqualTo(1);
    assertThat(told.said()).contains("skep_kafka_cert, skep_keys_edge", "--recover", "--renew");
    assertThat(versions()).isEqualTo(before);

    Ran recovered = init("--defaults", "--recover", kit.toString());

    assertThat(recovered.code()).as(recovered.said()).isZero();
    assertThat(hashesInTheSwarm()).isEqualTo(hashes(RecoveryKit.open(kit, passphrase())));
  }

  @Test
  void aRunThatWasBrokenOffIsFinishedWithItsOwnKit() throws Exception {
    assertThat(init("--defaults").code()).isZero();
    List<String> all = new ArrayList<>(Material.names());
    docker(concat(List.of("secret", "rm"), all.subList(3, all.size())));
    docker("network", "rm", "skep-edge");
    Files.delete(temp.resolve(".env"));
    Material material = RecoveryKit.open(temp.resolve("skep-recovery.age"), passphrase());

    Ran again = init("--defaults");

    assertThat(again.code()).as(again.said()).isZero();
    assertThat(hashesInTheSwarm()).isEqualTo(hashes(material));
    assertThat(temp.resolve(".env"))
        .content()
        .contains("SKEP_KAFKA_CLUSTER_ID=" + material.kafkaClusterId() + "\n");
  }

  @Test
  void aKitRestoresTheSameSecretsOnANewCluster() throws Exception {
    assertThat(init("--defaults").code()).isZero();
    Path kit = temp.resolve("safe.age");
    Files.copy(temp.resolve("skep-recovery.age"), kit, StandardCopyOption.REPLACE_EXISTING);
    assertThat(uninstall("--yes").code()).isZero();
    Files.delete(temp.resolve(".env"));

    Ran recovered = init("--defaults", "--recover", kit.toString());

    assertThat(recovered.code()).as(recovered.said()).isZero();
    Material material = RecoveryKit.open(kit, passphrase());
    assertThat(hashesInTheSwarm()).isEqualTo(hashes(material));
    assertThat(SwarmSecrets.read(engine).kafkaClusterId()).isEqualTo(material.kafkaClusterId());
  }

  @Test
  void aNewSetIsMadeOnlyWhileTheStackDoesNotRun() throws Exception {
    assertThat(init("--defaults").code()).isZero();
    String before = SwarmSecrets.read(engine).caSet();
    ourService();

    Ran refused = init("--defaults", "--renew");
    docker("service", "rm", "skep_prometheus");
    Ran renewed = init("--defaults", "--renew");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.said()).contains("docker stack rm skep");
    assertThat(renewed.code()).as(renewed.said()).isZero();
    SwarmSecrets now = SwarmSecrets.read(engine);
    assertThat(now.missing()).isEmpty();
    assertThat(now.present()).hasSize(1).doesNotContain(before);
    // The older kit is still there: it may be the only key to what is sealed.
    assertThat(files()).anyMatch(f -> f.startsWith("skep-recovery.age."));
  }

  @Test
  void aSecretOfThatNameThatIsNotOursStopsIt() throws Exception {
    dockerWith("x", "secret", "create", "skep_token", "-");
    try {
      Ran ran = init("--defaults");

      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.said()).contains("skep_token");
      assertThat(SwarmSecrets.read(engine).none()).isTrue();
      assertThat(files()).doesNotContain("skep-recovery.age", ".env");
    } finally {
      docker("secret", "rm", "skep_token");
    }
  }

  @Test
  void theBrokersLabelDoesNotMoveByItself() throws Exception {
    assertThat(init("--defaults").code()).isZero();
    docker("node", "update", "--label-add", NodeLabels.KAFKA + "=2", node());

    Ran ran = init("--defaults", "--kafka-nodes", node());

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.said()).contains("skep.kafka=2", "skep export");
  }

  @Test
  void uninstallTakesWhatIsOursAndNothingElse() throws Exception {
    assertThat(init("--defaults").code()).isZero();
    ourService();
    docker("network", "create", "--driver", "overlay", "--attachable", FOREIGN);
    dockerWith("x", "secret", "create", "skep_" + FOREIGN, "-");
    docker("volume", "create", FOREIGN);
    docker("node", "update", "--label-add", FOREIGN + "=yes", node());
    service(FOREIGN, "--network", FOREIGN, "--secret", "skep_" + FOREIGN);
    service("skep_" + FOREIGN, "--label", "com.docker.stack.namespace=skep");

    Ran asked = uninstall();
    Ran removed = uninstall("--yes");
    Ran again = uninstall("--yes");

    assertThat(asked.code()).isEqualTo(2);
    assertThat(asked.said()).contains("service skep_prometheus", "secret skep_token", "--yes");
    assertThat(removed.code()).as(removed.said()).isZero();
    assertThat(removed.said()).contains("stays: service skep_" + FOREIGN);
    assertThat(again.code()).isZero();
    assertThat(again.said()).contains("nothing of Skep's stack");
    assertThat(SwarmSecrets.read(engine).none()).isTrue();
    assertThat(names(engine.services(false))).contains(FOREIGN, "skep_" + FOREIGN);
    assertThat(names(engine.services(false))).doesNotContain("skep_prometheus");
    assertThat(names(engine.secrets())).contains("skep_" + FOREIGN);
    assertThat(names(engine.networks())).contains(FOREIGN).doesNotContain("skep-edge");
    assertThat(docker("volume", "ls", "-q").said().lines()).contains(FOREIGN, "skep_prometheus");
    ClusterNode self = ClusterNode.all(engine).getFirst();
    assertThat(self.labels()).containsEntry(FOREIGN, "yes");
    assertThat(self.labels()).doesNotContainKeys(NodeLabels.EDGE, NodeLabels.KAFKA);
  }

  @Test
  @RequiresImage("skep/cli:0.1.0")
  void purgeRemovesTheStacksVolumesOnEveryNode() throws Exception {
    assertThat(init("--defaults").code()).isZero();
    ourService();
    docker("volume", "create", FOREIGN);
    // Of our name, but not of our stack.
    docker("volume", "create", "skep_edge");

    Ran removed = uninstall("--purge", "--yes", "--image", "skep/cli:0.1.0");

    assertThat(removed.code()).as(removed.said()).isZero();
    assertThat(docker("volume", "ls", "-q").said().lines())
        .contains(FOREIGN, "skep_edge")
        .doesNotContain("skep_prometheus");
    assertThat(names(engine.services(false))).doesNotContain("skep-purge");
  }

  /** One of the stack's services, with a volume of the stack. */
  private void ourService() throws Exception {
    service(
        "skep_prometheus",
        "--label",
        "com.docker.stack.namespace=skep",
        "--label",
        "dev.skep.part=prometheus",
        "--network",
        "skep-edge",
        "--mount",
        "type=volume,source=skep_prometheus,target=/data,"
            + "volume-label=com.docker.stack.namespace=skep");
  }

  private void service(String name, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("service", "create", "--quiet", "--no-resolve-image"));
    command.addAll(
        List.of("--endpoint-mode=dnsrr", "--stop-grace-period=1s", "--entrypoint=sleep"));
    command.addAll(List.of("--name", name));
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("haproxy:3.4", "600"));
    Ran created = docker(command.toArray(String[]::new));
    assertThat(created.code()).as(created.said()).isZero();
  }

  /** SHA-256 by name, computed by a task that was given the secrets. */
  private Map<String, String> hashesInTheSwarm() throws Exception {
    List<String> command =
        new ArrayList<>(List.of("service", "create", "--detach", "--quiet", "--no-resolve-image"));
    command.addAll(List.of("--name", FOREIGN, "--restart-condition=none", "--user=0"));
    Material.names().forEach(n -> command.addAll(List.of("--secret", n)));
    command.addAll(
        List.of("--entrypoint=sh", "haproxy:3.4", "-c", "cd /run/secrets && sha256sum *"));
    Ran created = docker(command.toArray(String[]::new));
    assertThat(created.code()).as(created.said()).isZero();
    org.awaitility.Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(60))
        .until(
            () ->
                engine
                    .tasks(Filters.of("service", FOREIGN))
                    .findPath("Status")
                    .path("State")
                    .asText()
                    .equals("complete"));
    String log = docker("service", "logs", "--raw", FOREIGN).said();
    docker("service", "rm", FOREIGN);
    Map<String, String> hashes = new TreeMap<>();
    log.lines().map(l -> l.split(" +")).forEach(f -> hashes.put(f[1], f[0]));
    return hashes;
  }

  private static Map<String, String> hashes(Material material) throws Exception {
    Map<String, String> hashes = new TreeMap<>();
    for (Map.Entry<String, String> secret : material.secrets().entrySet()) {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(secret.getValue().getBytes(StandardCharsets.UTF_8));
      hashes.put(secret.getKey(), HexFormat.of().formatHex(hash));
    }
    return hashes;
  }

  /** Id and version of everything that init makes. */
  private Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    Stream.of(engine.secrets(), engine.configs())
        .flatMap(JsonNode::valueStream)
        .filter(object -> SuiteObjects.name(object).startsWith("skep_"))
        .forEach(object -> versions.put(SuiteObjects.name(object), version(object)));
    for (JsonNode network : engine.networks(Filters.of("name", "skep-edge"))) {
      versions.put("network", network.path("Id").asText());
    }
    versions.put("node", version(engine.get("/nodes/" + node(), Query.none())));
    return versions;
  }

  private static String version(JsonNode object) {
    return object.path("ID").asText() + " " + object.path("Version").path("Index").asText();
  }

  private static List<String> names(JsonNode objects) {
    List<String> names = new ArrayList<>();
    objects.forEach(o -> names.add(SuiteObjects.name(o)));
    return names;
  }

  private List<String> files() throws Exception {
    try (var files = Files.list(temp)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  private String node() {
    return engine.info().path("Swarm").path("NodeID").asText();
  }

  private static char[] passphrase() {
    return PASSPHRASE.toCharArray();
  }

  private Ran init(String... args) {
    StringWriter said = new StringWriter();
    InitCommand command =
        new InitCommand(environment, Optional.empty(), l -> said.append(l).append('\n'));
    List<String> all = new ArrayList<>(List.of("--host", HOST, "--dir", temp.toString()));
    all.addAll(List.of(args));
    return ran(command, all, said);
  }

  private Ran uninstall(String... args) {
    StringWriter said = new StringWriter();
    UninstallCommand command =
        new UninstallCommand(Optional.empty(), l -> said.append(l).append('\n'));
    List<String> all = new ArrayList<>(List.of("--host", HOST));
    all.addAll(List.of(args));
    return ran(command, all, said);
  }

  private static Ran ran(Object command, List<String> args, StringWriter said) {
    int code =
        new CommandLine(command)
            .setErr(new PrintWriter(said, true))
            .setExecutionExceptionHandler(
                (e, _, _) -> {
                  said.append(e.getMessage()).append('\n');
                  return e instanceof CliException known ? known.exitCode() : 1;
                })
            .execute(args.toArray(String[]::new));
    return new Ran(code, said.toString());
  }

  /** As a user runs it: both streams of a process of its own. */
  private Ran process(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.skep.cli.Main"));
    command.addAll(List.of(args));
    Map<String, String> env = new HashMap<>(environment);
    env.put("DOCKER_HOST", HOST);
    return run(command, env, "");
  }

  private static String[] concat(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all.toArray(String[]::new);
  }

  private static Ran docker(String... arguments) throws Exception {
    return dockerWith("", arguments);
  }

  private static Ran dockerWith(String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("docker", "--host", HOST));
    command.addAll(List.of(arguments));
    return run(command, Map.of(), input);
  }

  private static Ran run(List<String> command, Map<String, String> env, String input)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(env);
    Process process = builder.start();
    try (var to = process.getOutputStream()) {
      to.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), said);
  }
}
