package dev.skep.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A small lab beside the default one; each test leaves it whole, and the last takes it away. */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage({"skep-lab/node", "skep-lab/registry", "skep-lab/pebble", "haproxy:3.4"})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LabIT {
  private static final LabSpec SPEC =
      new LabSpec(LabSpec.fullName("it"), new Shape(1, 1, 1), Subnet.parse("198.18.86.0/24"));
  private static final String WEB =
      """
      defaults
        mode http
        timeout client 5s
        timeout server 5s
        timeout connect 5s
      frontend web
        bind :8080
        http-request return status 200 content-type text/plain string "from the worker"
      """;

  /** After a crash the Engines' gossip may hold the former member for 30 s, and more than once. */
  private static final Duration SOON = Duration.ofMinutes(4);

  private static final Docker HOST = new Docker(Host.engine(System.getenv()));

  /** What another has on this Engine: it must outlive the lab. */
  private static final String OTHER = "skep-lab-it-bystander";

  private static Lab lab;

  @BeforeAll
  static void up(@TempDir Path directory) throws IOException {
    Lab.down(SPEC.name());
    removeBystander();
    HOST.text("volume", "create", OTHER);
    HOST.text("network", "create", "--subnet", "203.0.113.0/24", OTHER);
    lab = Lab.up(SPEC, List.of("haproxy:3.4"), Progress.SILENT);

    Path config = Files.writeString(directory.resolve("web.cfg"), WEB);
    manager("network", "create", "--driver", "overlay", "app");
    manager("config", "create", "web", config.toString());
    service(
        "web",
        "worker-1",
        List.of(
            "--config", "web", "--publish", "mode=host,target=8080,published=8080", "haproxy:3.4"),
        "haproxy",
        "-W",
        "-db",
        "-f",
        "/web");
    service("client", "edge-1", List.of("haproxy:3.4"), "sleep", "infinity");
    awaitServed("the web service");
  }

  @AfterAll
  static void down() {
    Lab.down(SPEC.name());
    removeBystander();
  }

  @Test
  @Order(1)
  void nodesPullTheirImagesFromTheLabsRegistryByDigest() {
    String image =
        manager(
            "service", "inspect", "--format", "{{.Spec.TaskTemplate.ContainerSpec.Image}}", "web");

    assertThat(image).matches("haproxy:3\\.4@sha256:[0-9a-f]{64}");
  }

  @Test
  @Order(2)
  void anOverlayNetworkReachesFromNodeToNode() {
    await("traffic across nodes").atMost(SOON).until(() -> asked().contains("from the worker"));
  }

  @Test
  @Order(3)
  void theEnvironmentPointsTheDockerCommandAtAManager() throws Exception {
    ProcessBuilder docker = new ProcessBuilder("docker", "node", "ls", "--format", "{{.Hostname}}");
    docker.environment().putAll(lab.env());
    Process process = docker.start();

    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(out.lines()).containsExactlyInAnyOrder("manager-1", "worker-1", "edge-1");
    assertThat(Path.of(lab.env().get("SKEP_ACME_CA_FILE"))).content().contains("BEGIN CERTIFICATE");
    Path passphrase = Path.of(lab.env().get("SKEP_RECOVERY_PASSPHRASE_FILE"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passphrase)))
        .isEqualTo("rw-------");
  }

  @Test
  @Order(4)
  void aSecondStartChangesNothing() {
    Set<String> before = identity();

    Lab.up(SPEC, List.of("haproxy:3.4"), Progress.SILENT);

    assertThat(identity()).isEqualTo(before);
    assertThat(lab.leader()).isEqualTo("manager-1");
  }

  @Test
  @Order(5)
  void anotherShapeUnderTheSameNameIsRefused() {
    LabSpec larger = new LabSpec(SPEC.name(), Shape.DEFAULT, SPEC.subnet());

    assertThatThrownBy(() -> Lab.up(larger, List.of(), Progress.SILENT))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("1,1,1")
        .hasMessageContaining("lab down");
  }

  @Test
  @Order(6)
  void anEngineThatIsRestartedComesBackWithItsTasks() {
    lab.restartEngine("worker-1");

    awaitSwarm("worker-1", "Ready");
    awaitServed("its task");
  }

  @Test
  @Order(7)
  void aKilledNodeIsSeenDownAndComesBack() {
    lab.kill("worker-1");
    awaitSwarm("worker-1", "Down");

    lab.restart("worker-1");

    awaitSwarm("worker-1", "Ready");
    awaitServed("its task");
  }

  @Test
  @Order(8)
  void aPartitionedNodeIsSeenDownAndHealed() {
    lab.partition("worker-1");
    awaitSwarm("worker-1", "Down");
    assertThat(served()).isFalse();
    assertThat(lab.exec("worker-1", "true").ok()).isTrue();

    lab.heal();

    awaitSwarm("worker-1", "Ready");
    awaitServed("its published port");
    await("the overlay network").atMost(SOON).until(() -> asked().contains("from the worker"));
  }

  @Test
  @Order(9)
  void thoseOnOneSideOfAPartitionReachEachOther() {
    lab.partition("worker-1", "edge-1");

    boolean together = ping("edge-1", "worker-1");
    boolean apart = ping("edge-1", "manager-1");

    lab.heal();
    assertThat(together).isTrue();
    assertThat(apart).isFalse();
    assertThat(ping("edge-1", "manager-1")).isTrue();
  }

  @Test
  @Order(10)
  void aPausedNodeIsFrozenWithWhatRunsOnIt() {
    awaitServed("the web service");

    lab.pause("worker-1");
    boolean servedMeanwhile = served();
    lab.unpause("worker-1");

    assertThat(servedMeanwhile).isFalse();
    awaitServed("the web service");
    awaitSwarm("worker-1", "Ready");
  }

  @Test
  @Order(11)
  void anEngineThatCrashesComesBackWithItsTasks() {
    lab.restartEngine("worker-1", "KILL");

    awaitSwarm("worker-1", "Ready");
    awaitServed("its task");
  }

  @Test
  @Order(12)
  void aStartMendsWhatAnUncleanEndLeft() {
    HOST.text("rm", "--force", SPEC.container("edge-1"));
    HOST.text("volume", "rm", SPEC.volume("edge-1"));
    HOST.text("kill", SPEC.container(Containers.REGISTRY));
    lab.pause("worker-1");

    Lab.up(SPEC, List.of("haproxy:3.4"), Progress.SILENT);

    List<String> members =
        lab.status().nodes().stream().map(node -> node.name() + " " + node.swarm()).toList();
    assertThat(members).containsExactly("manager-1 Ready", "worker-1 Ready", "edge-1 Ready");
    assertThat(manager("node", "ls", "--quiet").lines()).hasSize(3);
    await("a task on the new node").atMost(SOON).until(() -> asked().contains("from the worker"));
  }

  @Test
  @Order(13)
  void theWholeLabComesBackFromAPowerCut() {
    List<String> kill = new ArrayList<>(List.of("kill"));
    lab.nodes().forEach(node -> kill.add(lab.container(node)));
    HOST.text(kill);

    Lab.up(SPEC, List.of(), Progress.SILENT);

    awaitServed("its tasks");
  }

  @Test
  @Order(14)
  void afterwardsNothingIsLeftAndOthersAreUntouched() {
    boolean any = Lab.down(SPEC.name());

    assertThat(any).isTrue();
    for (String kind : List.of("ps --all", "volume ls", "network ls")) {
      List<String> command = new ArrayList<>(List.of(kind.split(" ", -1)));
      command.addAll(List.of("--quiet", "--filter", "label=" + LabSpec.LABEL + "=" + SPEC.name()));
      assertThat(HOST.text(command)).as(kind).isEmpty();
    }
    assertThat(SPEC.sockets()).doesNotExist();
    assertThat(SPEC.directory()).doesNotExist();
    assertThat(HOST.run("volume", "inspect", OTHER).ok()).isTrue();
    assertThat(HOST.run("network", "inspect", OTHER).ok()).isTrue();
    assertThat(Lab.down(SPEC.name())).isFalse();
  }

  private static void removeBystander() {
    HOST.run("volume", "rm", OTHER);
    HOST.run("network", "rm", OTHER);
  }

  private static String manager(String... arguments) {
    Result result = lab.docker("manager-1", arguments);
    assertThat(result.ok()).as(String.join(" ", arguments) + ": " + result.err()).isTrue();
    return result.text();
  }

  private static void service(String name, String node, List<String> options, String... command) {
    List<String> create =
        new ArrayList<>(
            List.of(
                "service", "create", "--detach", "--quiet", "--name", name, "--network", "app"));
    create.addAll(List.of("--endpoint-mode", "dnsrr", "--constraint", "node.hostname==" + node));
    create.addAll(List.of("--restart-delay", "1s"));
    create.addAll(options);
    create.addAll(List.of(command));
    manager(create.toArray(String[]::new));
  }

  /** Waits for the web service's answer; tells what its tasks say if none comes. */
  private static void awaitServed(String what) {
    try {
      await(what).atMost(SOON).until(LabIT::served);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          what + " did not come back:\n" + manager("service", "ps", "--no-trunc", "web"), e);
    }
  }

  /** Whether the worker's published port answers from this machine. */
  private static boolean served() {
    URI uri = URI.create("http://" + lab.address("worker-1") + ":8080/");
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString())
          .body()
          .equals("from the worker");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the service answers to a client on another node. */
  private static String asked() {
    return lab.exec(
            "edge-1",
            "sh",
            "-c",
            "docker exec $(docker ps -q -f name=client.1) timeout 3 bash -c \""
                + "exec 3<>/dev/tcp/web/8080; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3\"")
        .out();
  }

  private static boolean ping(String from, String to) {
    return lab.exec(from, "ping", "-c", "1", "-W", "2", lab.address(to)).ok();
  }

  private static void awaitSwarm(String node, String state) {
    await(node + " " + state)
        .atMost(SOON)
        .until(
            () ->
                lab.status().nodes().stream()
                    .anyMatch(seen -> seen.name().equals(node) && seen.swarm().equals(state)));
  }

  /** What a start must not replace: containers, and the members of the Swarm. */
  private static Set<String> identity() {
    Set<String> found =
        new TreeSet<>(
            HOST.lines("ps", "--quiet", "--filter", "label=" + LabSpec.LABEL + "=" + SPEC.name()));
    found.addAll(manager("node", "ls", "--quiet").lines().toList());
    return found;
  }
}
