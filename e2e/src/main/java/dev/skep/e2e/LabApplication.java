package dev.skep.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;

/**
 * The application on the lab whose visitors the tests are: three replicas behind a host name, to
 * which labels add more.
 */
final class LabApplication {
  private static final Duration SERVED = Duration.ofSeconds(90);

  /** How long one answer may take. */
  private static final Duration PATIENT = Duration.ofSeconds(8);

  /** Names of its own for each run: a lab that is kept has those of earlier ones. */
  private final String run = Integer.toString(Instant.now().toString().hashCode() >>> 4, 36);

  private final LabCluster lab;
  private final SSLContext trust;

  private long ordersBefore;

  /** How many hosts need one. */
  private int hosts;

  /**
   * Not yet deployed.
   *
   * @param trust what its visitors trust
   */
  LabApplication(LabCluster lab, SSLContext trust) {
    this.lab = lab;
    this.trust = trust;
  }

  /** What has been ordered so far was for others. */
  void countOrdersFromHere() throws Exception {
    ordersBefore = lab.orders();
  }

  /** The name that it is deployed with. */
  String host() {
    return hostOf("whoami");
  }

  /** As any user's: a stack file with labels, through our own command. */
  void deploy(Path dir) throws Exception {
    Path demo = Path.of(System.getProperty("skep.root"), "demo");
    Path file = dir.resolve("app.yml");
    Files.writeString(
        file,
        Files.readString(demo.resolve("whoami.yml"))
            .replace("whoami.localhost", host())
            .replace("./whoami.cfg", demo.resolve("whoami.cfg").toString()));
    lab.skep("stack", "deploy", "-c", file.toString(), "app");
    hosts++;
  }

  /** That labels lead to a route and a certificate: the state has caught up all the way. */
  void newHostIsServed(String name) throws Exception {
    String router = "traefik.http.routers." + run + "-" + name;
    lab.docker(
        "service",
        "update",
        "--detach",
        "--label-add",
        router + ".rule=Host(`" + hostOf(name) + "`)",
        "--label-add",
        router + ".entrypoints=websecure",
        "--label-add",
        router + ".tls=true",
        "app_whoami");
    hosts++;
    await()
        .atMost(SERVED)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> assertThat(ask(hostOf(name)).status()).isEqualTo(200));
  }

  private String hostOf(String name) {
    return run + "-" + name + "." + lab.env("SKEP_DOMAIN");
  }

  /** Asks the floating address for the application. */
  VipProbe.Answer ask() throws IOException {
    return ask(host());
  }

  /** Asks the floating address for any host. */
  VipProbe.Answer ask(String name) throws IOException {
    return VipProbe.ask(lab.vip(), name, trust, PATIENT);
  }

  /** Asks one node for the application. */
  VipProbe.Answer askNode(String node) throws Exception {
    String address = lab.docker("node", "inspect", node, "-f", "{{.Status.Addr}}");
    return VipProbe.ask(address, host(), trust, PATIENT);
  }

  /** Waits until the floating address answers for the application. */
  void awaitServed() {
    await()
        .atMost(SERVED)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> assertThat(ask().status()).isEqualTo(200));
  }

  /** Visitors who wait as people do. */
  VipProbe patientVisitors() {
    return new VipProbe(lab.vip(), host(), trust, PATIENT);
  }

  /** Visitors who give up a try after a second, so that a gap is not hidden by one long try. */
  VipProbe hastyVisitors() {
    return new VipProbe(lab.vip(), host(), trust, Duration.ofSeconds(1));
  }

  /** That the CA has seen one order for each host, and no more. */
  void assertNoneOrderedTwice() throws Exception {
    assertThat(lab.orders()).as("orders").isEqualTo(ordersBefore + hosts);
  }
}
