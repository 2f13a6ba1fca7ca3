package dev.skep.edge.agent;

import static dev.skep.edge.Models.backend;
import static dev.skep.edge.Models.host;
import static dev.skep.edge.Models.ready;
import static dev.skep.edge.Models.secure;
import static dev.skep.edge.Models.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.skep.edge.haproxy.RuntimeAnswers;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.model.Codecs;
import dev.skep.model.cert.Certificate;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.Ports;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.WithKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HAProxy started by {@code stack/haproxy-start.sh}, on what an agent left or on nothing. */
@WithKafka
@RequiresEngine
@RequiresImage("haproxy:3.4")
class HaproxyStartIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int RELOADS = 50;

  private final KafkaTest kafka;
  private final PrivateKeyRing keys = PrivateKeyRing.create();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final EngineClient engine = EngineClient.connect(EngineConfig.local());
  @TempDir private Path temp;
  private Platform platform;
  private Writer writer;
  private Edge edge;
  private Certificate certificate;

  HaproxyStartIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void begin() throws Exception {
    kafka.wipe();
    platform = Platform.create(new KafkaConfig(kafka.bootstrapServers(), Map.of()), e -> {});
    writer = Writer.open(platform, "start-it");
    int own = (Integer) Files.getAttribute(temp, "unix:uid");
    edge =
        new Edge(
            "e1",
            temp.resolve("e1"),
            engine,
            kafka.bootstrapServers(),
            keys,
            own == 0 ? 99 : -1,
            true);
    opened.add(edge);
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable part : opened.reversed()) {
      part.close();
    }
    writer.close();
    platform.close();
    engine.close();
  }

  @Test
  void an_edge_serves_from_its_own_disk_while_everything_else_is_down() throws Exception {
    serveAndGo();

    edge.haproxy.start();

    awaitServed();
    assertThat(edge.haproxy.healthCheck()).isZero();
  }

  @Test
  void an_agent_without_a_broker_touches_nothing_that_is_served() throws Exception {
    serveAndGo();
    edge.haproxy.start();
    awaitServed();
    Map<String, String> files = files();
    RuntimeAnswers.Running process = edge.haproxy.process();

    edge.startAgent("127.0.0.1:" + Ports.free());
    awaitThat(() -> edge.agent().health().details().containsKey("store"));

    assertThat(edge.agent().health().live()).isTrue();
    assertThat(edge.agent().health().ready()).isFalse();
    assertThat(files()).isEqualTo(files);
    assertThat(edge.haproxy.process().same(process)).isTrue();
    awaitServed();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "haproxy.cfg",
        "maps/web.map",
        "crt-list.txt",
        "certs/c_a.test.pem",
        "certs/default.pem"
      })
  void what_is_damaged_is_replaced_by_the_last_good_configuration(String file) throws Exception {
    serveAndGo();
    Path damaged = edge.dir.resolve(file);
    String whole = Files.readString(damaged);
    Files.writeString(damaged, whole.substring(0, whole.length() * 2 / 3));

    edge.haproxy.start();

    awaitServed();
    assertThat(damaged).hasContent(whole);
  }

  @Test
  void without_any_good_configuration_it_answers_503_until_the_agent_takes_over() throws Exception {
    serveAndGo();
    Files.writeString(edge.dir.resolve("haproxy.cfg"), "damaged\n");
    Files.delete(edge.dir.resolve("last-good/haproxy.cfg"));
    edge.haproxy.start();
    awaitThat(() -> Http.get(edge.http, "a.test", "/").status() == 503);
    assertThat(health()).contains(" 503 ");
    assertThat(edge.haproxy.healthCheck()).as("it runs").isZero();

    edge.startAgent();

    awaitServed();
    assertThat(health()).contains(" 200 ");
    assertThat(edge.reloads()).isEqualTo(1);
    assertThat(edge.dir.resolve("run/refused.cfg")).hasContent("damaged\n");
  }

  @Test
  void a_haproxy_that_takes_no_good_configuration_is_not_well() throws Exception {
    serveAndGo();
    String whole = Files.readString(edge.dir.resolve("last-good/haproxy.cfg"));
    for (String copy : List.of("", "last-good/")) {
      Files.delete(edge.dir.resolve(copy + "checksums"));
      Files.writeString(edge.dir.resolve(copy + "haproxy.cfg"), "of another version\n");
    }

    edge.haproxy.start();
    awaitThat(() -> Http.get(edge.http, "a.test", "/").status() == 503);

    assertThat(edge.haproxy.healthCheck()).isEqualTo(1);

    // As after the way back to the version that wrote it.
    Files.writeString(edge.dir.resolve("last-good/haproxy.cfg"), whole);
    edge.haproxy.signal("SIGTERM");
    edge.haproxy.end();
    edge.haproxy.start();
    awaitServed();
    assertThat(edge.haproxy.healthCheck()).isZero();
  }

  @Test
  void on_an_empty_directory_haproxy_may_come_before_its_agent() throws Exception {
    Files.setAttribute(edge.dir, "unix:uid", owner());
    edge.haproxy.start();
    awaitThat(() -> health().contains(" 503 "));

    publish();
    edge.startAgent();

    awaitServed();
    assertThat(health()).contains(" 200 ");
  }

  @Test
  void on_sigterm_the_address_goes_before_the_ports_close_and_requests_are_finished()
      throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    HttpServer slow = Http.server("slow");
    slow.createContext(
        "/slow",
        exchange -> {
          asked.countDown();
          try {
            answer.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    opened.add(() -> slow.stop(0));
    edge.start();
    publish(slow.getAddress().getPort());
    awaitServed();
    CompletableFuture<Integer> request =
        CompletableFuture.supplyAsync(() -> status("/slow"), Thread::startVirtualThread);
    asked.await();

    edge.haproxy.signal("SIGTERM");
    awaitThat(() -> Files.exists(edge.dir.resolve("run/draining")));
    int whileDraining = status("/");
    awaitThat(() -> !listens());
    answer.countDown();

    assertThat(whileDraining).isEqualTo(200);
    assertThat(request.get()).isEqualTo(200);
    assertThat(edge.haproxy.end()).isZero();
    assertThat(edge.dir.resolve("run/draining")).exists();
    edge.haproxy.start();
    awaitServed();
    assertThat(edge.dir.resolve("run/draining")).doesNotExist();
  }

  @Test
  void its_health_never_fails_through_fifty_reloads() throws Exception {
    edge.start();
    HaproxyControl control = new HaproxyControl(edge.dir.resolve("run"));
    List<String> bad = new ArrayList<>();
    List<String> good = new ArrayList<>();
    AtomicBoolean over = new AtomicBoolean();
    Thread asking = Thread.ofVirtual().unstarted(() -> ask(over, bad, good));

    asking.start();
    for (int i = 0; i < RELOADS; i++) {
      assertThat(control.reload()).isNull();
    }
    over.set(true);
    asking.join();

    assertThat(bad).isEmpty();
    assertThat(good).hasSizeGreaterThan(RELOADS);
  }

  private void ask(AtomicBoolean over, List<String> bad, List<String> good) {
    while (!over.get()) {
      try {
        String answer = health();
        (answer.contains(" 200 ") ? good : bad).add(answer);
      } catch (IOException e) {
        bad.add(e.toString());
      }
    }
  }

  /** An edge that served a route and its certificate; agent and HAProxy are gone. */
  private void serveAndGo() throws Exception {
    edge.start();
    publish();
    awaitServed();
    awaitThat(
        () ->
            Files.exists(edge.dir.resolve("last-good/certs/c_a.test.pem"))
                && Files.readString(edge.dir.resolve("last-good/haproxy.cfg"))
                    .equals(Files.readString(edge.dir.resolve("haproxy.cfg"))));
    edge.stopAgent();
    edge.haproxy.kill();
  }

  private void publish() throws Exception {
    HttpServer server = Http.server("one");
    opened.add(() -> server.stop(0));
    publish(server.getAddress().getPort());
  }

  private void publish(int port) throws Exception {
    certificate = TestCertificates.certificate("a.test", 1, keys.publicKeys());
    List<Write<?>> writes = new ArrayList<>();
    for (RoutingEntry r :
        List.of(
            web("a", 1, host("a.test")),
            secure("s", host("a.test")),
            backend("a", ready("t", port)),
            backend("s", ready("t", port)))) {
      writes.add(Write.put(Topics.ROUTES, Codecs.ROUTES, r.key(), r, "updated", null));
    }
    writes.add(
        Write.put(
            Topics.CERTIFICATES,
            Codecs.CERTIFICATES,
            certificate.key(),
            certificate,
            "updated",
            null));
    writer.publish(writes);
  }

  private void awaitServed() {
    awaitThat(() -> status("/") == 200);
    awaitThat(() -> Http.fingerprint(edge.https, "a.test").equals(certificate.fingerprint()));
    awaitThat(() -> Http.getTls(edge.https, "a.test", "/").status() == 200);
  }

  private int status(String path) {
    try {
      return Http.get(edge.http, "a.test", path).status();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.http)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private String health() throws IOException {
    return new UnixSocket(edge.dir.resolve("run/health.sock"))
        .ask("GET / HTTP/1.0\r\n\r\n", Duration.ofSeconds(5));
  }

  private Object owner() throws IOException {
    Object own = Files.getAttribute(temp, "unix:uid");
    return own.equals(0) ? 99 : own;
  }

  /** Every file's content by name; sockets left out. */
  private Map<String, String> files() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(edge.dir)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        found.put(edge.dir.relativize(file).toString(), Files.readString(file));
      }
    }
    return found;
  }

  private static void awaitThat(Callable<Boolean> condition) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(20)).ignoreExceptions().until(condition);
  }
}
