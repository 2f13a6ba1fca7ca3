package dev.skep.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.cli.cluster.ClusterSession;
import dev.skep.model.Json;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.Shell;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code skep stack deploy} from outside of the cluster: what is converted here is given to the
 * deployer by the command in the admin container, which is this very build's.
 */
@RequiresEngine(alone = true)
@RequiresImage("haproxy:3.4")
@RequiresCommand({"docker", "script"})
class ThroughClusterIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String STACK = "through-it-" + ProcessHandle.current().pid();
  private static final String CONTAINER = STACK + "-admin";

  /** The first runs nowhere until it is allowed to, and the second waits for it. */
  private static final String WAITING =
      """
      services:
        first:
          image: haproxy:3.4
          entrypoint: [sleep, "1000"]
          stop_grace_period: 0s
          networks: [host]
          deploy: {placement: {constraints: ["node.labels.through-it==yes"]}}
        second: {image: "haproxy:3.4", networks: [host], deploy: {replicas: 0, labels: {dev.skep.update: last}}}
      networks: {host: {external: true}}
      """;

  private static final String QUIET =
      """
      services: {web: {image: "haproxy:3.4", networks: [host], deploy: {replicas: 0}}}
      networks: {host: {external: true}}
      """;

  @TempDir Path dir;
  private final HttpClient http = HttpClient.newHttpClient();
  private EmbeddedKafka kafka;
  private Alone deployer;

  @BeforeEach
  void start() throws Exception {
    kafka = EmbeddedKafka.start(dir.resolve("kafka"), 0);
    deployer =
        new Alone(
            "deployer",
            dev.skep.deployer.Main.class,
            dir,
            kafka.bootstrapServers(),
            Map.of("SKEP_KEYS_DIR", Files.createDirectories(dir.resolve("keys")).toString()));
    await().atMost(SOON).until(() -> deployer.ready(http));
    startAdmin();
  }

  @AfterEach
  void removeWhatIsLeft() throws Exception {
    deployer.close();
    kafka.close();
    http.close();
    Shell.run(List.of("docker", "rm", "-f", CONTAINER), Map.of());
    for (String service : List.of("_first", "_second", "_web")) {
      Shell.run(List.of("docker", "service", "rm", STACK + service), Map.of());
    }
    Shell.run(List.of("docker", "config", "rm", "skep-rev-" + STACK + "-000001"), Map.of());
  }

  @Test
  void theDeployerInsideDoesItAndItsStepsAreTold() throws Exception {
    Shell.Result deployed = stack(QUIET, "deploy");

    assertThat(deployed.output()).contains("created service " + STACK + "_web");
    assertThat(deployed.exit()).isZero();
    assertThat(deployer.get(http, "/api/deployments/" + STACK).body())
        .contains("SUCCEEDED", "\"by\":\"root (anna@laptop)\"");
    assertThat(deployer.log().lines().filter(l -> l.contains(" INFO audit ")))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("name=root", "person=anna@laptop", "method=POST", "status=202")
                    .contains("path=/api/stacks/" + STACK)
                    .doesNotContain(Alone.TOKEN));

    assertThat(history("Asia/Tokyo"))
        .as("the time where the command was given, not where it ran")
        .contains(at("Asia/Tokyo"), "succeeded", "root (anna@laptop)");

    Shell.Result removed = skep("stack", "rm", STACK);

    assertThat(removed.output()).contains("removed service " + STACK + "_web");
    assertThat(removed.exit()).isZero();
    assertThat(Shell.ok("docker", "service", "ls")).doesNotContain(STACK);
  }

  @Test
  void aTokenIsMadeInsideAndPrintedAloneOnStandardOutput() throws Exception {
    Path token = dir.resolve("made");
    Process create =
        new ProcessBuilder(command("token", "create", "ci", "--role", "viewer", "--expires", "1d"))
            .redirectOutput(token.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();

    assertThat(create.waitFor()).isZero();
    assertThat(Files.readString(token)).matches("skep_ci_[0-9a-f]{64}\n");
    assertThat(skep("token", "list").output()).contains("ci", "viewer", "root (");
    Shell.Result revoked = skep("token", "revoke", "ci");
    assertThat(revoked.output()).contains("revoked 'ci'");
    assertThat(revoked.exit()).isZero();
    assertThat(skep("token", "list").output()).doesNotContain("viewer");
    assertThat(skep("token", "revoke", "ci").output()).contains("there is no token 'ci'");
    assertThat(deployer.log()).doesNotContain(Files.readString(token).strip());
  }

  @Test
  void anAdminContainerThatGoesAwayMeanwhileIsFollowedByTheNext() throws Exception {
    Path output = dir.resolve("output");
    CompletableFuture<Shell.Result> deploying = inBackground(output);
    await().atMost(SOON).until(() -> Files.readString(output).contains("created service"));

    Shell.ok("docker", "rm", "-f", CONTAINER);
    startAdmin();
    letTheFirstRun();

    Shell.Result done = deploying.get(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(done.output())
        .contains("the admin container went away")
        .containsOnlyOnce("created service " + STACK + "_first")
        .containsOnlyOnce("created service " + STACK + "_second");
    assertThat(done.exit()).isZero();
    assertThat(deployer.get(http, "/api/deployments/" + STACK).body())
        .containsOnlyOnce("\"revision\"");
  }

  @Test
  void aTerminalIsShownHowFarTheServicesAreThatTheDeployerWaitsFor() throws Exception {
    Path screen = dir.resolve("screen");
    List<String> plain = command("stack", "deploy", "--timeout=20s", "-c", file(WAITING), STACK);
    // script(1) gives it a terminal.
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qefc", "exec " + String.join(" ", plain), "/dev/null")
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(screen.toFile());
    builder.environment().put("SKEP_STATE_DIR", dir.resolve("state").toString());
    builder.environment().put("TERM", "xterm");
    builder.environment().remove("NO_COLOR");
    Process terminal = builder.start();
    try {
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(Files.readString(screen))
                      .contains("created service " + STACK + "_first")
                      .contains("  " + STACK + "_first  0/1 running"));
      letTheFirstRun();

      assertThat(terminal.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(terminal.exitValue()).isZero();
      assertThat(Files.readString(screen))
          .contains("\u001b[1F\u001b[J")
          .contains("settled service " + STACK + "_first (1/1 running)")
          .doesNotContain("\u001e", "awaited");
    } finally {
      terminal.destroyForcibly();
    }
  }

  @Test
  void withoutADeployerThatAnswersTheWayAroundItIsToldAndWorks() throws Exception {
    deployer.close();

    Shell.Result refused = stack(QUIET, "deploy");

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.output()).contains("the deployer takes no commands").contains("--direct");
    assertThat(Shell.ok("docker", "service", "ls")).doesNotContain(STACK);

    Shell.Result direct = stack(QUIET, "deploy", "--direct");

    assertThat(direct.output()).contains("created service " + STACK + "_web");
    assertThat(direct.exit()).isZero();
  }

  private static void letTheFirstRun() throws Exception {
    Shell.ok(
        "docker",
        "service",
        "update",
        "--detach",
        "--constraint-rm=node.labels.through-it==yes",
        STACK + "_first");
  }

  private CompletableFuture<Shell.Result> inBackground(Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command("stack", "deploy", "-c", file(WAITING), STACK))
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("SKEP_STATE_DIR", dir.resolve("state").toString());
    return builder
        .start()
        .onExit()
        .thenApply(
            p -> {
              try {
                return new Shell.Result(p.exitValue(), Files.readString(output));
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
  }

  private Shell.Result stack(String yaml, String... command) throws Exception {
    List<String> args = new ArrayList<>(List.of("stack"));
    args.addAll(List.of(command));
    args.addAll(List.of("-c", file(yaml), STACK));
    return skep(args.toArray(String[]::new));
  }

  private String file(String yaml) throws IOException {
    return Files.writeString(dir.resolve("stack.yml"), yaml).toString();
  }

  private String history(String zone) throws Exception {
    Map<String, String> env = Map.of("SKEP_STATE_DIR", dir.resolve("state").toString(), "TZ", zone);
    return Shell.run(command("stack", "history", STACK), env).output();
  }

  /** When the newest revision was asked for. */
  private String at(String zone) throws Exception {
    String revisions = deployer.get(http, "/api/stacks/" + STACK + "/revisions").body();
    Instant at = Instant.parse(Json.mapper().readTree(revisions).path(0).path("at").asText());
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
        .format(at.atZone(ZoneId.of(zone)));
  }

  private Shell.Result skep(String... args) throws Exception {
    return Shell.run(
        command(args),
        Map.of("SKEP_STATE_DIR", dir.resolve("state").toString(), "SKEP_USER", "anna@laptop"));
  }

  private static List<String> command(String... args) {
    List<String> command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.add("dev.skep.cli.Main");
    command.addAll(List.of(args));
    return command;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** This build's command in a container, which reaches the deployer as in the stack. */
  private void startAdmin() throws Exception {
    List<String> run =
        new ArrayList<>(List.of("docker", "run", "--detach", "--name=" + CONTAINER, "--user=0"));
    run.addAll(List.of("--network=host", "--init", "--entrypoint=sleep"));
    run.add("--label=com.docker.swarm.service.name=" + ClusterSession.ADMIN);
    run.addAll(List.of("--env=SKEP_IN_CLUSTER=true", "--env=SKEP_TOKEN_FILE=/token"));
    run.add("--env=SKEP_DEPLOYER_URL=http://127.0.0.1:" + deployer.port);
    run.add("--volume=" + dir.resolve("deployer.token") + ":/token:ro");
    for (String root : roots()) {
      run.add("--volume=" + root + ":" + root + ":ro");
    }
    Path script = dir.resolve("skep");
    Files.writeString(
        script,
        "#!/bin/sh\nexec %s -XX:TieredStopAtLevel=1 -cp '%s' dev.skep.cli.Main \"$@\"\n"
            .formatted(java(), System.getProperty("java.class.path")));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    run.add("--volume=" + script + ":/usr/local/bin/skep:ro");
    run.addAll(List.of("haproxy:3.4", "1000"));
    Shell.ok(run.toArray(String[]::new));
  }

  /** Where this Java and this build are. */
  private static Set<String> roots() {
    Set<String> roots = new TreeSet<>(Set.of(System.getProperty("java.home")));
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      Path path = Path.of(entry).toAbsolutePath();
      roots.add("/" + path.subpath(0, Math.min(2, path.getNameCount())));
    }
    return roots;
  }
}
