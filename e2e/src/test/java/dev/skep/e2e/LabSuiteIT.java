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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
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
  private static final System.Logger LOG = System.getLogger(LabSuiteIT.class.getName());
  private static final Duration CONVERGED = Duration.ofMinutes(4);
  private static final Duration BACK = Duration.ofSeconds(90);

  /** Of commands, each of which takes a part of what little processor there is. */
  private static final Duration POLL = Duration.ofSeconds(1);

  /** What visitors may notice of an edge's end, at most. */
  private static final Duration VIP_BACK = Duration.ofSeconds(3);

  /** What a visitor may wait for an answer meanwhile, at most: HAProxy's tries at a dead task. */
  private static final Duration STALL = Duration.ofSeconds(6);

  /** Ours that are one each, and the broker. */
  private static final List<String> SERVICES =
      List.of("inventory", "edge-config", "cert", "deployer", "monitor", "kafka");

  /** What must be there on each edge before one of them may be lost. */
  private static final List<String> EDGE = List.of("haproxy", "keepalived", "edge-agent");

  /** A lab of its own beside its user's. */
  private static final String LAB = "skep-lab-suite";

  private static final String SUBNET = "172.30.87.0/24";

  /** To try again by hand on the same lab: it stays, with all that earlier runs left in it. */
  private static final boolean KEEP = Boolean.getBoolean("skep.lab.keep");

  /** Of the same programs: that it is another one is all that counts. */
  private static final String NEXT_VERSION = "0.1.1";

  @TempDir static Path dir;
  private LabCluster lab;
  private Path stack;
  private LabApplication app;
  private BigInteger serial;
  private boolean converged;
  private Future<?> images;
  private final Set<String> killed = new TreeSet<>();

  /** Whose node has not been lost so far. */
  private final Set<String> untried = new TreeSet<>(SERVICES);

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
    app = new LabApplication(lab, LabTrust.ofAcmeCa(lab));
    for (String own : List.of("skep.", "grafana.")) {
      await()
          .atMost(BACK)
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(() -> app.ask(own + lab.env("SKEP_DOMAIN")));
    }
    app.countOrdersFromHere();
    if (!KEEP) {
      assertThat(lab.issued()).as("certificates for the suite's own two names").isEqualTo(2);
    }
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

  /**
   * That what has one instance each is there. What else a node had that came back is waited for by
   * those who need it: Swarm takes a minute or more until it replaces those tasks.
   */
  @BeforeEach
  void theServicesAreThere() {
    assertThat(converged).as("the suite has come up").isTrue();
    lab.awaitConverged(CONVERGED, SERVICES::contains);
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
    if (images != null) {
      images.get();
    }
    if (!KEEP) {
      LabCluster.down(LAB);
      LabCluster.forgetImages(NEXT_VERSION);
    }
  }

  @Test
  @Order(1)
  void anApplicationIsServedOnTheFloatingAddressWithACertificateOfTheAcmeCa() throws Exception {
    app.deploy(dir);

    Set<String> replicas = new TreeSet<>();
    await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(
            () -> {
              VipProbe.Answer answer = app.ask();
              assertThat(answer.status()).isEqualTo(200);
              replicas.add(answer.body());
              assertThat(replicas).hasSize(3);
            });

    serial = app.ask().certificate().getSerialNumber();
    app.assertNoneOrderedTwice();
  }

  @Test
  @Order(2)
  void oneFileMakesTheSameOfDockersClientAndOfUs() throws Exception {
    new LabSideBySide(lab, dir).compare();
  }

  @Test
  @Order(3)
  void theLeadersLossChangesNothingForVisitorsAndADeploymentGoesOn() throws Exception {
    String leader = lab.leader();
    LabDeployment meanwhile = LabDeployment.begin(lab, dir, leader);

    loseNode(leader);

    meanwhile.endsWell();
    assertThat(lab.leader()).isNotEqualTo(leader);
  }

  @Test
  @Order(4)
  void anEdgesLossMovesTheAddressWithinThreeSeconds() throws Exception {
    String holder = lab.vipHolder();

    loseNode(holder);

    assertThat(lab.vipHolder()).isNotEqualTo(holder).isNotEmpty();
  }

  @Test
  @Order(5)
  void theNodeOfEachServiceMayGo() throws Exception {
    while (!untried.isEmpty()) {
      lab.awaitConverged(CONVERGED, SERVICES::contains);
      loseNode(nodeToLose());
    }
    app.assertNoneOrderedTwice();
    assertThat(app.ask().certificate().getSerialNumber()).isEqualTo(serial);
  }

  /** One that has what is untried: an edge only if there is no other, which is back sooner. */
  private String nodeToLose() throws Exception {
    List<String> nodes = new ArrayList<>();
    for (String service : untried) {
      nodes.add(lab.nodeOf("skep_" + service));
    }
    return nodes.stream().filter(n -> !isEdge(n)).findFirst().orElse(nodes.getFirst());
  }

  private boolean isEdge(String node) {
    return List.of(lab.env("SKEP_EDGE_NODES").split(",", -1)).contains(node);
  }

  /**
   * Kills a node until what was on it has caught up elsewhere. The broker's volume is on its node:
   * without it nothing new is known, and all is served.
   */
  private void loseNode(String node) throws Exception {
    if (isEdge(node)) {
      lab.awaitConverged(CONVERGED, EDGE::contains);
    }
    Set<String> there = new TreeSet<>();
    for (String service : SERVICES) {
      if (lab.nodeOf("skep_" + service).equals(node)) {
        there.add(service);
      }
    }
    Instant from = Instant.now();
    boolean edge = lab.vipHolder().equals(node);
    try (VipProbe visitors = edge ? app.hastyVisitors() : app.patientVisitors()) {
      kill(node);
      if (!there.isEmpty()) {
        // A new leader takes most of a minute until it knows that the one before is gone.
        lab.awaitNode(node, "down");
      }
      Duration down = Duration.between(from, Instant.now());
      if (there.contains("kafka")) {
        allNodesAreBack();
      }
      lab.awaitConverged(CONVERGED, SERVICES::contains);
      app.newHostIsServed("without-" + node);
      Duration caughtUp = Duration.between(from, Instant.now());
      LOG.log(
          System.Logger.Level.INFO,
          () ->
              "lost %s with %s: down after %d s, caught up after %d s"
                  .formatted(node, there, down.toSeconds(), caughtUp.toSeconds()));
      await()
          .atMost(BACK)
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(
              () ->
                  assertThat(app.ask("skep." + lab.env("SKEP_DOMAIN")).status())
                      .as("the console")
                      .isLessThan(400));

      if (edge) {
        assertBackInTime(visitors, from);
      } else {
        assertServed(visitors, from);
      }
    }
    untried.removeAll(there);
    allNodesAreBack();
  }

  @Test
  @Order(6)
  void eachServiceMayBeKilledAndCatchesUp() throws Exception {
    for (String service : SERVICES) {
      String name = "skep_" + service;
      Instant from = Instant.now();
      try (VipProbe probe = app.patientVisitors()) {
        lab.killTask(name, lab.nodeOf(name));
        app.newHostIsServed(service);

        assertServed(probe, from);
      }
    }
    awaitReady();
    app.assertNoneOrderedTwice();
    assertThat(app.ask().certificate().getSerialNumber()).isEqualTo(serial);
  }

  @Test
  @Order(7)
  void eachAgentMayBeKilledAndCatchesUp() throws Exception {
    lab.awaitConverged(CONVERGED);
    String edge = lab.vipHolder();
    for (String service : List.of("edge-agent", "node-agent", "engine-read", "engine-write")) {
      String name = "skep_" + service;
      String node = service.equals("engine-write") ? lab.nodeOf(name) : edge;
      Instant from = Instant.now();
      try (VipProbe probe = app.patientVisitors()) {
        lab.killTask(name, node);
        app.newHostIsServed(service);

        assertServed(probe, from);
      }
    }
    awaitReady();
  }

  @Test
  @Order(8)
  void anEdgeStartsFromItsOwnDiskWhileAllElseIsDown() throws Exception {
    lab.awaitConverged(CONVERGED, EDGE::contains);
    scale(SERVICES, 0);
    try {
      // The machine has little to do meanwhile, and the next version's images are needed later.
      makeNextImages();
      String edge = lab.vipHolder();
      String other = edge.equals("edge-1") ? "edge-2" : "edge-1";

      // The other one first, so that the address has somewhere to be meanwhile.
      for (String node : List.of(other, edge)) {
        lab.fault("node", "restart", node);
        lab.awaitNode(node, "ready");
        await()
            .atMost(BACK)
            .ignoreExceptionsInstanceOf(IOException.class)
            .untilAsserted(() -> assertThat(app.askNode(node).status()).isEqualTo(200));
      }

      assertThat(app.ask().certificate().getSerialNumber()).isEqualTo(serial);
    } finally {
      scale(SERVICES, 1);
    }
  }

  @Test
  @Order(9)
  void aBrokerThatLostItsVolumeWipesNothing() throws Exception {
    Path export = dir.resolve("state.skep");
    lab.skep("export", export.toString());
    String node = lab.nodeOf("skep_kafka");

    Instant from = Instant.now();
    try (VipProbe probe = app.patientVisitors()) {
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
      lab.awaitConverged(CONVERGED, s -> SERVICES.contains(s) || s.equals("kafka-init"));
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
      lab.awaitConverged(CONVERGED, SERVICES::contains);
      lab.skep("adopt");
      app.newHostIsServed("new-store");
      assertServed(probe, from);
    } finally {
      scale(SERVICES, 1);
    }
    assertThat(app.ask().certificate().getSerialNumber()).isEqualTo(serial);
    app.assertNoneOrderedTwice();
  }

  @Test
  @Order(10)
  void theSuiteUpdatesItselfAndGoesBack() throws Exception {
    if (images == null) {
      makeNextImages();
    }
    images.get();
    lab.awaitConverged(CONVERGED);
    for (String version : List.of(NEXT_VERSION, "0.1.0")) {
      Instant from = Instant.now();
      try (VipProbe probe = app.hastyVisitors()) {
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

        app.newHostIsServed("v" + version.replace('.', '-'));
        assertBackInTime(probe, from);
      }
    }
  }

  @Test
  @Order(11)
  void theProxiesOfTheEdgesAreReplacedOneAfterTheOther() throws Exception {
    Instant from = Instant.now();
    try (VipProbe probe = app.hastyVisitors()) {
      lab.docker("service", "update", "--force", "--detach", "skep_haproxy");
      await()
          .atMost(CONVERGED)
          .pollInterval(POLL)
          .ignoreExceptions()
          .until(() -> lab.updateState("skep_haproxy").equals("completed"));

      assertBackInTime(probe, from);
    }
  }

  @Test
  @Order(12)
  void theWholeLabRestartsByItself() throws Exception {
    List<String> nodes = lab.nodes();
    killed.addAll(nodes);
    lab.fault("node", "kill", String.join(",", nodes));
    allNodesAreBack();

    lab.awaitConverged(CONVERGED, service -> SERVICES.contains(service) || EDGE.contains(service));
    await()
        .atMost(BACK)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> assertThat(app.ask().status()).isEqualTo(200));
    app.newHostIsServed("restarted");
    assertThat(app.ask().certificate().getSerialNumber()).isEqualTo(serial);
    app.assertNoneOrderedTwice();
    awaitReady();
  }

  @Test
  @Order(13)
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

  /** Begins to make the images of the next version, beside what the tests wait for. */
  private void makeNextImages() {
    FutureTask<?> making =
        new FutureTask<>(
            () -> {
              lab.provideImages(NEXT_VERSION);
              return null;
            });
    images = making;
    Thread.ofVirtual().name("next-images").start(making);
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
    List<String> scale = new ArrayList<>(List.of("service", "scale", "--detach"));
    services.forEach(service -> scale.add("skep_" + service + "=" + replicas));
    lab.docker(scale.toArray(String[]::new));
    if (replicas == 0) {
      for (String service : services) {
        await()
            .atMost(BACK)
            .pollInterval(POLL)
            .ignoreExceptions()
            .until(() -> lab.hasStopped("skep_" + service));
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

  private static void assertServed(VipProbe probe, Instant from) {
    // And goes on: also what comes now is seen.
    awaitTries(probe, Instant.now(), 20);
    List<VipProbe.Try> failures = probe.failures(from);
    assertThat(failures).as("%d of %d tries failed", failures.size(), probe.count(from)).isEmpty();
    assertThat(probe.longestGap(from)).as("the longest wait").isLessThan(STALL);
  }

  /** Visitors without patience: some of them fail while the address moves, and none for long. */
  private static void assertBackInTime(VipProbe probe, Instant from) {
    awaitTries(probe, Instant.now(), 20);
    assertThat(probe.longestGap(from))
        .as("the longest time without an answer; failed: %s", probe.failures(from))
        .isLessThan(VIP_BACK);
  }

  private static void awaitTries(VipProbe probe, Instant from, int count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> probe.count(from) >= count);
  }
}
