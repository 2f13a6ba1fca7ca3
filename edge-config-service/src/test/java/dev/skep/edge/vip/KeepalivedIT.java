package dev.skep.edge.vip;

import static dev.skep.edge.vip.Docker.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two edges of the real image in a network of their own; clients are on this machine. */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage({VipEdge.IMAGE, "haproxy:3.4"})
class KeepalivedIT {
  private static final Logger log = LoggerFactory.getLogger(KeepalivedIT.class);
  private static final Duration SOON = Duration.ofSeconds(20);

  /** What is promised to users; measured values are far below and are logged. */
  private static final Duration PROMISED = Duration.ofSeconds(3);

  // A network for documentation: it collides with no real one.
  private static final String SUBNET = "198.51.100.";
  private static final String VIP = SUBNET + "100";

  private static final String SUBNET_6 = "2001:db8:5:1::";

  private final String network = "skep-vip-" + ProcessHandle.current().pid();
  private final List<VipEdge> edges = new ArrayList<>();
  private String vip = VIP;
  @TempDir private Path temp;

  @BeforeEach
  void network() throws IOException {
    assumeThat(Files.getAttribute(temp, "unix:uid"))
        .as("only root can give files to another user")
        .isEqualTo(0);
    docker("network", "create", "--subnet", SUBNET + "0/24", network);
  }

  /** In place of the network of IPv4 alone. */
  private void useIpv6() {
    docker("network", "rm", network);
    docker(
        "network",
        "create",
        "--ipv6",
        "--subnet",
        SUBNET + "0/24",
        "--subnet",
        SUBNET_6 + "/64",
        network);
    vip = SUBNET_6 + "100";
  }

  @AfterEach
  void remove() {
    edges.forEach(VipEdge::close);
    docker("network", "rm", network);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", SUBNET + "11," + SUBNET + "12"})
  void one_of_two_equal_edges_holds_the_address_and_the_other_takes_over_from_a_dead_one(
      String peers) throws Exception {
    VipEdge holder = holderOfTwo("SKEP_VRRP_PEERS=" + peers);

    Duration gap = gap(holder, () -> docker("kill", holder.name()));

    log.atInfo().addKeyValue("ms", gap.toMillis()).log("Back after an edge's death");
    assertThat(gap).isLessThan(PROMISED);
    assertThat(other(holder).holds(VIP)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", SUBNET_6 + "11," + SUBNET_6 + "12"})
  void an_ipv6_address_moves_too(String peers) throws Exception {
    useIpv6();
    VipEdge holder = holderOfTwo("SKEP_VRRP_PEERS=" + peers);

    Duration gap = gap(holder, () -> docker("kill", holder.name()));

    log.atInfo().addKeyValue("ms", gap.toMillis()).log("IPv6 back after an edge's death");
    assertThat(gap).isLessThan(PROMISED);
    assertThat(other(holder).holds(vip)).isTrue();
  }

  @Test
  void an_edge_whose_haproxy_died_gives_the_address_away() throws Exception {
    VipEdge holder = holderOfTwo();

    Duration gap = gap(holder, () -> docker("kill", holder.name() + "-haproxy"));

    log.atInfo().addKeyValue("ms", gap.toMillis()).log("Back after an HAProxy's death");
    assertThat(gap).isLessThan(PROMISED);
    await().atMost(SOON).until(() -> !holder.holds(VIP));
  }

  @Test
  void an_edge_that_drains_gives_the_address_away_and_does_not_take_it_back() throws Exception {
    VipEdge holder = holderOfTwo();
    long stoodBy = holder.standsBy();

    Duration gap = gap(holder, holder::drain);
    holder.serveAgain();
    await().atMost(SOON).until(() -> holder.standsBy() > stoodBy);

    log.atInfo().addKeyValue("ms", gap.toMillis()).log("Back after the start of a drain");
    assertThat(gap).isLessThan(PROMISED);
    assertThat(other(holder).holds(VIP)).isTrue();
    assertThat(holder.holds(VIP)).isFalse();
  }

  @Test
  void a_keepalived_that_is_stopped_gives_the_address_away_at_once() throws Exception {
    VipEdge holder = holderOfTwo();

    Duration gap = gap(holder, () -> docker("stop", holder.name()));

    log.atInfo().addKeyValue("ms", gap.toMillis()).log("Back after a stop");
    assertThat(gap).isLessThan(PROMISED);
  }

  @Test
  void without_an_address_it_idles_and_is_healthy() {
    String id =
        docker("run", "-d", "--read-only", "--tmpfs", "/tmp", "-e", "SKEP_VIP=", VipEdge.IMAGE);
    try {
      await().atMost(SOON).until(() -> docker("logs", id).contains("SKEP_VIP is not set"));
      assertThat(Docker.run("exec", id, "/opt/skep/bin/health").exitCode()).isZero();
      docker("stop", id);
      assertThat(docker("inspect", "-f", "{{.State.ExitCode}}", id)).isEqualTo("0");
    } finally {
      docker("rm", "-f", id);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SKEP_VIP=198.51.100.100 | write the address with its network's prefix length",
        "SKEP_VIP=198.51.100.300/24 | write the address with its network's prefix length",
        "SKEP_VIP=198.51.100.100/33 | the prefix length must be 1 to 32",
        "SKEP_VIP=198.51.100.100/24 SKEP_VIP_INTERFACE=eth7 | this node has only: lo eth0",
        "SKEP_VIP=198.51.100.100/24 SKEP_VRRP_ID=256 | it must be 1 to 255",
        "SKEP_VIP=198.51.100.100/24 SKEP_VRRP_PEERS=edge-2 | write the edges' addresses by comma",
        "SKEP_VIP=198.51.100.100/24 SKEP_VRRP_PEERS=2001:db8::1 | of another family",
      })
  void what_is_wrong_is_said_with_what_to_do(String environment, String words) {
    List<String> run =
        new ArrayList<>(
            List.of("run", "--rm", "--read-only", "--tmpfs", "/tmp", "--network", network));
    List.of(environment.split(" ")).forEach(e -> run.addAll(List.of("-e", e)));
    run.add(VipEdge.IMAGE);

    Docker.Result result = Docker.run(run.toArray(String[]::new));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains(words);
  }

  /** Starts two edges; the one that holds the address, once clients reach it. */
  private VipEdge holderOfTwo(String... more) throws IOException {
    List<String> environment = new ArrayList<>(List.of(more));
    boolean ipv6 = vip.contains(":");
    environment.add("SKEP_VIP=" + vip + (ipv6 ? "/64" : "/24"));
    for (int i = 1; i <= 2; i++) {
      String name = network + "-" + i;
      List<String> addresses =
          ipv6 ? List.of(SUBNET + "1" + i, SUBNET_6 + "1" + i) : List.of(SUBNET + "1" + i);
      VipEdge edge = new VipEdge(name, network, addresses, temp.resolve(name), environment);
      edges.add(edge);
      edge.startHaproxy();
    }
    // The other one must be ready to take over: it has said that it stands by.
    await().atMost(SOON).until(() -> edges.stream().allMatch(e -> e.standsBy() > 0));
    await().atMost(SOON).until(this::served);
    await().atMost(SOON).until(() -> edges.stream().filter(e -> e.holds(vip)).count() == 1);
    return edges.stream().filter(e -> e.holds(vip)).findFirst().orElseThrow();
  }

  private VipEdge other(VipEdge edge) {
    return edges.stream().filter(e -> e != edge).findFirst().orElseThrow();
  }

  private interface Fault {
    void happen() throws IOException;
  }

  /**
   * The longest time between two answers, from before a fault until the other edge has the address
   * and clients are served.
   */
  private Duration gap(VipEdge holder, Fault fault) throws Exception {
    VipEdge other = other(holder);
    CompletableFuture<Void> moved =
        CompletableFuture.runAsync(
            () -> {
              try {
                fault.happen();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              await().atMost(SOON).until(() -> other.holds(vip));
            },
            Thread::startVirtualThread);
    long last = System.nanoTime();
    long longest = 0;
    boolean answered = false;
    while (!answered || !moved.isDone()) {
      answered = served();
      long now = System.nanoTime();
      longest = Math.max(longest, now - last);
      last = answered ? now : last;
      assertThat(Duration.ofNanos(now - last)).as("time without an answer").isLessThan(SOON);
    }
    moved.get();
    return Duration.ofNanos(longest);
  }

  /** One request on a new connection. */
  private boolean served() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(vip, 8080), 100);
      socket.setSoTimeout(100);
      socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII)
          .endsWith(" 200");
    } catch (IOException e) {
      return false;
    }
  }
}
