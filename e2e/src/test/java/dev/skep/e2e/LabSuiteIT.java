package dev.skep.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.Shell;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The suite as a stack on a real cluster of seven nodes, and what may befall it. One lab for all:
 * each test leaves it as it found it, and the next one looks first whether that is so.
 */
@Tag("e2e")
@RequiresEngine
@RequiresCommand("curl")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LabSuiteIT {
  private static final Duration CONVERGED = Duration.ofMinutes(4);
  private static final Duration BACK = Duration.ofSeconds(90);

  /** Of commands, each of which takes a part of what little processor there is. */
  private static final Duration POLL = Duration.ofSeconds(1);

  private static final Duration PATIENT = Duration.ofSeconds(8);
  private static final Duration HASTY = Duration.ofSeconds(1);

  /** What visitors may notice of an edge's end, at most. */
  private static final Duration VIP_BACK = Duration.ofSeconds(3);

  /** What a visitor may wait for an answer meanwhile, at most: HAProxy's tries at a dead task. */
  private static final Duration STALL = Duration.ofSeconds(6);

  /** A lab of its own beside its user's. */
  private static final String LAB = "skep-lab-suite";

  private static final String SUBNET = "172.30.87.0/24";

  /** To try again by hand on the same lab: it stays, with all that earlier runs left in it. */
  private static final boolean KEEP = Boolean.getBoolean("skep.lab.keep");

  /** Of the same programs: that it is another one is all that counts. */
  private static final String NEXT_VERSION = "0.1.1";

  @TempDir static Path dir;
  private final String run = Integer.toString(Instant.now().toString().hashCode() >>> 4, 36);
  private LabCluster lab;
  private Path stack;
  private SSLContext trust;
  private String host;
  private BigInteger serial;
  private boolean converged;
  private final Set<String> killed = new TreeSet<>();

  /** How many certificates had been ordered before the first host of this run. */
  private long ordersBefore;

  /** How many hosts of this run need one. */
  private int hosts;

  @BeforeAll
  void deployTheSuite() throws Exception {
    if (!KEEP) {
      LabCluster.down(LAB);
    }
    lab = LabCluster.up(LAB, SUBNET);
    stack = installed();
    lab.skep("init", "--defaults", "--dir", stack.getParent().toString());
    deploy();
    lab.awaitConverged(CONVERGED);
    trust = LabTrust.ofAcmeCa(lab);
    for (String own : List.of("skep.", "grafana.")) {
      await()
          .atMost(BACK)
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(() -> ask(own + lab.env("SKEP_DOMAIN")));
    }
    ordersBefore = lab.orders();
    if (!KEEP) {
      assertThat(lab.issued()).as("certificates for the suite's own two names").isEqualTo(2);
    }
    host = run + "-whoami." + lab.env("SKEP_DOMAIN");
    hosts = 1;
    converged = true;
  }

  /** stack.yml where its user has it: what init writes stays out of the tree. */
  private static Path installed() throws IOException {
    Path root = Path.of(System.getProperty("skep.root"));
    Path home = KEEP ? Path.of("/var/lib", LAB, "install") : dir.resolve("install");
    for (String part : List.of("stack.yml", "stack", "lab/stack.lab.yml")) {
      try (Stream<Path> files = Files.walk(root.resolve(part))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path copy = home.resolve(root.relativize(file));
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    return home.resolve("stack.yml");
  }

  private void deploy() throws Exception {
    lab.skep("stack", "deploy", "-c", stack.toString(), "skep");
  }

  @BeforeEach
  void theClusterIsWhole() {
    assertThat(converged).as("the suite has come up").isTrue();
    lab.awaitConverged(BACK);
  }

  /** Whatever a test found: the next one finds every node there. */
  @AfterEach
  void allNodesAreBack() throws Exception {
    if (!killed.isEmpty()) {
      lab.fault("node", "restart", String.join(",", killed));
    }
    for (String node : killed) {
      lab.awaitNode(node, "ready");
    }
    killed.clear();
  }

  @AfterAll
  void takeTheLabDown() throws Exception {
    if (!KEEP) {
      LabCluster.down(LAB);
      LabCluster.forgetImages(NEXT_VERSION);
    }
  }

  @Test
  @Order(1)
  void anApplicationIsServedOnTheFloatingAddressWithACertificateOfTheAcmeCa() throws Exception {
    deployApplication(host);

    Set<String> replicas = new TreeSet<>();
    await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(
            () -> {
              VipProbe.Answer answer = ask(host);
              assertThat(answer.status()).isEqualTo(200);
              replicas.add(answer.body());
              assertThat(replicas).hasSize(3);
            });

    serial = ask(host).certificate().getSerialNumber();
    assertNoneOrderedTwice();
  }

  @Test
  @Order(2)
  void theLeadersLossChangesNothingForVisitors() throws Exception {
    String leader = lab.leader();

    Instant from = Instant.now();
    try (VipProbe probe = probe(PATIENT)) {
      kill(leader);
      await()
          .atMost(BACK)
          .pollInterval(POLL)
          .ignoreExceptions()
          .until(() -> !lab.leader().equals(leader));
      newHostIsServed("leader");

      assertServed(probe, from);
    }
  }

  @Test
  @Order(3)
  void anEdgesLossMovesTheAddressWithinThreeSeconds() throws Exception {
    String holder = vipHolder();

    Instant from = Instant.now();
    try (VipProbe probe = probe(HASTY)) {
      kill(holder);
      await()
          .atMost(BACK)
          .pollInterval(POLL)
          .until(() -> !vipHolder().equals(holder) && !vipHolder().isEmpty());
      awaitTries(probe, Instant.now(), 20);

      assertThat(probe.longestGap(from)).isLessThan(VIP_BACK);
    }
  }

  @Test
  @Order(4)
  void aWorkersLossChangesNothingForVisitors() throws Exception {
    Instant from = Instant.now();
    try (VipProbe probe = probe(PATIENT)) {
      kill("worker-2");
      lab.awaitNode("worker-2", "down");
      lab.awaitConverged(CONVERGED);

      assertServed(probe, from);
    }
  }

  @Test
  @Order(5)
  void eachServiceMayBeKilledAndCatchesUp() throws Exception {
    for (String service :
        List.of("inventory", "edge-config", "cert", "deployer", "monitor", "kafka")) {
      String name = "skep_" + service;
      Instant from = Instant.now();
      try (VipProbe probe = probe(PATIENT)) {
        lab.killTask(name, lab.nodeOf(name));
        newHostIsServed(service);

        assertServed(probe, from);
      }
    }
    awaitReady();
    assertNoneOrderedTwice();
    assertThat(ask(host).certificate().getSerialNumber()).isEqualTo(serial);
  }

  @Test
  @Order(6)
  void eachAgentMayBeKilledAndCatchesUp() throws Exception {
    String edge = vipHolder();
    for (String service : List.of("edge-agent", "node-agent", "engine-read", "engine-write")) {
      String name = "skep_" + service;
      String node = service.equals("engine-write") ? lab.nodeOf(name) : edge;
      Instant from = Instant.now();
      try (VipProbe probe = probe(PATIENT)) {
        lab.killTask(name, node);
        newHostIsServed(service);

        assertServed(probe, from);
      }
    }
    awaitReady();
  }

  @Test
  @Order(7)
  void theNodeOfTheBrokerMayGoAndComeBack() throws Exception {
    String node = lab.nodeOf("skep_kafka");

    Instant from = Instant.now();
    try (VipProbe probe = probe(PATIENT)) {
      kill(node);
      lab.awaitNode(node, "down");
      allNodesAreBack();
      lab.awaitConverged(CONVERGED);
      newHostIsServed("broker-node");

      assertServed(probe, from);
    }
    assertThat(ask(host).certificate().getSerialNumber()).isEqualTo(serial);
  }

  @Test
  @Order(8)
  void anEdgeStartsFromItsOwnDiskWhileAllElseIsDown() throws Exception {
    List<String> parts =
        List.of("inventory", "edge-config", "cert", "deployer", "monitor", "kafka");
    scale(parts, 0);
    String edge = vipHolder();
    String other = edge.equals("edge-1") ? "edge-2" : "edge-1";

    // The other one first, so that the address has somewhere to be meanwhile.
    for (String node : List.of(other, edge)) {
      lab.fault("node", "restart", node);
      lab.awaitNode(node, "ready");
      await()
          .atMost(BACK)
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(() -> assertThat(askNode(node, host).status()).isEqualTo(200));
    }

    assertThat(ask(host).certificate().getSerialNumber()).isEqualTo(serial);
    scale(parts, 1);
  }

  @Test
  @Order(9)
  void aBrokerThatLostItsVolumeWipesNothing() throws Exception {
    lab.awaitConverged(CONVERGED);
    Path export = dir.resolve("state.skep");
    lab.skep("export", export.toString());
    String node = lab.nodeOf("skep_kafka");

    Instant from = Instant.now();
    try (VipProbe probe = probe(PATIENT)) {
      scale(List.of("kafka"), 0);
      await()
          .atMost(BACK)
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(
              () -> {
                removeStopped("skep_kafka", node);
                assertThat(lab.tryDockerOn(node, "volume", "rm", "skep_kafka-data").output())
                    .isEqualToIgnoringNewLines("skep_kafka-data");
              });
      scale(List.of("kafka"), 1);
      lab.docker("service", "update", "--force", "--detach", "skep_kafka-init");
      lab.awaitConverged(CONVERGED);
      await()
          .atMost(BACK)
          .pollInterval(POLL)
          .untilAsserted(
              () -> assertThat(lab.trySkep("status").output()).contains("run 'skep adopt'"));
      assertServed(probe, from);

      List<String> writers = List.of("inventory", "edge-config", "cert", "deployer");
      scale(writers, 0);
      lab.skep("import", "--force", export.toString());
      scale(writers, 1);
      lab.awaitConverged(CONVERGED);
      lab.skep("adopt");
      lab.awaitConverged(CONVERGED);
      newHostIsServed("new-store");
      assertServed(probe, from);
    }
    assertThat(ask(host).certificate().getSerialNumber()).isEqualTo(serial);
    assertNoneOrderedTwice();
  }

  @Test
  @Order(10)
  void theSuiteUpdatesItselfAndGoesBack() throws Exception {
    lab.provideImages(NEXT_VERSION);
    for (String version : List.of(NEXT_VERSION, "0.1.0")) {
      Instant from = Instant.now();
      try (VipProbe probe = probe(HASTY)) {
        lab.skepWith(
            Map.of("SKEP_VERSION", version), "stack", "deploy", "-c", stack.toString(), "skep");
        await()
            .atMost(CONVERGED)
            .pollInterval(Duration.ofSeconds(1))
            .ignoreExceptions()
            .untilAsserted(
                () ->
                    assertThat(lab.docker("service", "ls", "--format", "{{.Image}}").lines())
                        .filteredOn(image -> image.startsWith("skep/"))
                        .isNotEmpty()
                        .allMatch(image -> image.endsWith(":" + version)));
        lab.awaitConverged(CONVERGED);

        newHostIsServed("v" + version.replace('.', '-'));
        assertThat(probe.longestGap(from)).isLessThan(VIP_BACK);
      }
    }
  }

  @Test
  @Order(11)
  void theWholeLabRestartsByItself() throws Exception {
    List<String> nodes = lab.nodes();
    killed.addAll(nodes);
    lab.fault("node", "kill", String.join(",", nodes));
    allNodesAreBack();

    await()
        .atMost(CONVERGED)
        .pollInterval(POLL)
        .ignoreExceptions()
        .until(() -> lab.unconverged().isEmpty());
    await()
        .atMost(BACK)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> assertThat(ask(host).status()).isEqualTo(200));
    newHostIsServed("restarted");
    assertThat(ask(host).certificate().getSerialNumber()).isEqualTo(serial);
    assertNoneOrderedTwice();
  }

  @Test
  @Order(12)
  void uninstallLeavesWhatIsNotOurs() throws Exception {
    Shell.Result first = lab.trySkep("uninstall", "--yes", "--purge");

    assertThat(first.exit()).isEqualTo(1);
    assertThat(first.output())
        .contains("not removed:", "network skep-edge: services that are not Skep's use it");
    assertThat(lab.docker("service", "ls", "--format", "{{.Name}}")).isEqualTo("app_whoami");
    assertThat(lab.docker("config", "ls", "--format", "{{.Name}}")).startsWith("app_");
    assertThat(lab.docker("secret", "ls", "-q")).isEmpty();
    for (String node : lab.nodes()) {
      assertThat(lab.dockerOn(node, "volume", "ls", "-q", "--filter", "name=skep")).isEmpty();
    }

    lab.skep("stack", "rm", "app");
    lab.skep("uninstall", "--yes", "--purge");

    assertThat(lab.docker("network", "ls", "-q", "--filter", "name=skep")).isEmpty();
  }

  private void deployApplication(String name) throws Exception {
    Path file = dir.resolve("app.yml");
    Files.writeString(
        file,
        Files.readString(Path.of(System.getProperty("skep.root"), "demo/whoami.yml"))
            .replace("whoami.localhost", name)
            .replace("./whoami.cfg", System.getProperty("skep.root") + "/demo/whoami.cfg"));
    lab.skep("stack", "deploy", "-c", file.toString(), "app");
  }

  /** That labels lead to a route and a certificate: the state has caught up all the way. */
  private void newHostIsServed(String name) throws Exception {
    String newHost = run + "-" + name + "." + lab.env("SKEP_DOMAIN");
    String router = "traefik.http.routers." + run + "-" + name;
    lab.docker(
        "service",
        "update",
        "--detach",
        "--label-add",
        router + ".rule=Host(`" + newHost + "`)",
        "--label-add",
        router + ".entrypoints=websecure",
        "--label-add",
        router + ".tls=true",
        "app_whoami");
    hosts++;
    await()
        .atMost(BACK)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> assertThat(ask(newHost).status()).isEqualTo(200));
  }

  /** That every part says of itself that it is ready. */
  private void awaitReady() {
    await()
        .atMost(BACK)
        .pollInterval(POLL)
        .untilAsserted(() -> assertThat(lab.trySkep("status").output()).contains("skep is ready"));
  }

  private void kill(String node) throws Exception {
    killed.add(node);
    lab.fault("node", "kill", node);
  }

  private void scale(List<String> services, int replicas) throws Exception {
    for (String service : services) {
      lab.docker("service", "scale", "--detach", "skep_" + service + "=" + replicas);
    }
    if (replicas == 0) {
      for (String service : services) {
        await()
            .atMost(BACK)
            .pollInterval(POLL)
            .ignoreExceptions()
            .until(
                () ->
                    lab.docker(
                            "service", "ps", "skep_" + service, "-f", "desired-state=running", "-q")
                        .isEmpty());
      }
    }
  }

  private void removeStopped(String service, String node) throws Exception {
    String filter = "label=com.docker.swarm.service.name=" + service;
    for (String id : lab.dockerOn(node, "ps", "-aq", "--filter", filter).split("\\s+", -1)) {
      if (!id.isEmpty()) {
        lab.tryDockerOn(node, "rm", id);
      }
    }
  }

  private VipProbe probe(Duration patience) {
    return new VipProbe(lab.vip(), host, trust, patience);
  }

  private VipProbe.Answer ask(String name) throws IOException {
    return VipProbe.ask(lab.vip(), name, trust, PATIENT);
  }

  private VipProbe.Answer askNode(String node, String name) throws Exception {
    String address = lab.docker("node", "inspect", node, "-f", "{{.Status.Addr}}");
    return VipProbe.ask(address, name, trust, PATIENT);
  }

  private static void assertServed(VipProbe probe, Instant from) {
    // And goes on: also what comes now is seen.
    awaitTries(probe, Instant.now(), 20);
    List<VipProbe.Try> failures = probe.failures(from);
    assertThat(failures).as("%d of %d tries failed", failures.size(), probe.count(from)).isEmpty();
    assertThat(probe.longestGap(from)).as("the longest wait").isLessThan(STALL);
  }

  private static void awaitTries(VipProbe probe, Instant from, int count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> probe.count(from) >= count);
  }

  private String vipHolder() throws Exception {
    return lab.vipHolder();
  }

  private void assertNoneOrderedTwice() throws Exception {
    assertThat(lab.orders()).as("orders").isEqualTo(ordersBefore + hosts);
  }
}
