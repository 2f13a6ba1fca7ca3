package dev.skep.edge.agent;

import static dev.skep.edge.Models.and;
import static dev.skep.edge.Models.backend;
import static dev.skep.edge.Models.drain;
import static dev.skep.edge.Models.host;
import static dev.skep.edge.Models.path;
import static dev.skep.edge.Models.ready;
import static dev.skep.edge.Models.route;
import static dev.skep.edge.Models.secure;
import static dev.skep.edge.Models.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.skep.edge.haproxy.RuntimeAnswers;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.model.Codecs;
import dev.skep.model.Condition;
import dev.skep.model.Json;
import dev.skep.model.cert.Certificate;
import dev.skep.model.cert.Issuer;
import dev.skep.model.command.Command;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.EdgeStatus.Refusal;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.PlainPublisher;
import dev.skep.runtime.kafka.TopicAdmin;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.WithKafka;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents, real HAProxies and a real broker. */
@WithKafka
@RequiresEngine
@RequiresImage("haproxy:3.4")
class EdgeAgentIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  private final KafkaTest kafka;
  private final PrivateKeyRing keys = PrivateKeyRing.create();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final EngineClient engine = EngineClient.connect(EngineConfig.local());
  @TempDir private Path temp;
  private Platform platform;
  private Writer writer;
  private TopicView<EdgeStatus> statuses;
  private final Map<String, Integer> said = new ConcurrentHashMap<>();

  EdgeAgentIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void begin() {
    kafka.wipe();
    connect();
  }

  private void connect() {
    platform = Platform.create(new KafkaConfig(kafka.bootstrapServers(), Map.of()), e -> {});
    writer = Writer.open(platform, "edge-it");
    statuses =
        TopicView.open(
            platform,
            "edge-it",
            Topics.EDGE_STATUS,
            Codecs.EDGE_STATUS,
            c -> said.merge(c.key(), 1, Integer::sum));
  }

  private void disconnect() {
    statuses.close();
    writer.close();
    platform.close();
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable part : opened.reversed()) {
      part.close();
    }
    disconnect();
    engine.close();
  }

  @Test
  void a_new_route_is_served_and_removed_without_a_reload() throws Exception {
    Edge edge = edge("e1").start();
    int port = server("one");
    RuntimeAnswers.Running before = edge.haproxy.process();

    publish(web("a", 1, host("a.test")), backend("a", ready("t1", port)));
    awaitThat(() -> Http.get(edge.http, "A.Test:80", "/x").body().startsWith("one "));
    delete("route/a", "backend/a");
    awaitThat(() -> Http.get(edge.http, "a.test", "/x").status() == 404);

    awaitThat(() -> !edge.haproxy.ask("show backend").contains("b_a"));
    assertThat(edge.haproxy.process().same(before)).isTrue();
    assertThat(edge.reloads()).isZero();
  }

  @Test
  void servers_come_drain_and_go_without_a_reload() throws Exception {
    Edge edge = edge("e1").start();
    int one = server("one");
    int two = server("two");
    RuntimeAnswers.Running before = edge.haproxy.process();
    publish(web("a", 1, host("a.test")), backend("a", ready("t1", one)));
    awaitThat(() -> body(edge, "a.test").startsWith("one"));

    publish(backend("a", drain("t1", one), ready("t2", two)));
    awaitThat(() -> body(edge, "a.test").startsWith("two"));
    assertThat(body(edge, "a.test")).startsWith("two");
    publish(backend("a", ready("t2", two)));

    awaitThat(() -> !edge.haproxy.ask("show servers state b_a").contains("t_t1"));
    assertThat(body(edge, "a.test")).startsWith("two");
    assertThat(edge.haproxy.process().same(before)).isTrue();
  }

  @Test
  void a_backend_without_ready_servers_answers_503_and_an_unknown_host_404() throws Exception {
    Edge edge = edge("e1").start();

    publish(
        web("none", 1, host("none.test")),
        backend("none"),
        web("unknown", 1, host("unknown.test")),
        web("drain", 1, host("drain.test")),
        backend("drain", drain("t", server("d"))));

    awaitThat(() -> Http.get(edge.http, "none.test", "/").status() == 503);
    awaitThat(() -> Http.get(edge.http, "unknown.test", "/").status() == 503);
    awaitThat(() -> Http.get(edge.http, "drain.test", "/").status() == 503);
    assertThat(Http.get(edge.http, "other.test", "/").status()).isEqualTo(404);
    assertThat(Http.get(edge.http, "none.test", "/").body()).startsWith("503 no server is ready");
  }

  @Test
  void a_server_that_just_died_fails_no_request() throws Exception {
    Edge edge = edge("e1").start();
    int dead = dev.skep.testing.Ports.free();
    int alive = server("alive");

    publish(web("a", 1, host("a.test")), backend("a", ready("t1", dead), ready("t2", alive)));
    awaitThat(() -> Http.get(edge.http, "a.test", "/").status() == 200);

    for (int i = 0; i < 20; i++) {
      assertThat(body(edge, "a.test")).startsWith("alive");
    }
  }

  @Test
  void the_highest_priority_wins_over_the_longest_prefix() throws Exception {
    Edge edge = edge("e1").start();

    publish(
        web("site", 50, host("a.test")),
        backend("site", ready("t", server("site"))),
        web("low", 10, and(host("a.test"), path("/low"))),
        backend("low", ready("t", server("low"))),
        web("api", 90, and(host("a.test"), path("/api;v=1"))),
        backend("api", ready("t", server("api"))),
        web("all", 5, path("/api")),
        backend("all", ready("t", server("all"))));

    awaitThat(() -> Http.get(edge.http, "a.test", "/api;v=1/x").body().startsWith("api"));
    awaitThat(() -> Http.get(edge.http, "b.test", "/apiary").body().startsWith("all"));
    assertThat(Http.get(edge.http, "a.test", "/low").body()).startsWith("site");
    assertThat(Http.get(edge.http, "a.test", "/api").body()).startsWith("site");
    assertThat(Http.get(edge.http, "b.test", "/").status()).isEqualTo(404);
  }

  @Test
  void a_certificate_is_installed_and_rotated_without_a_reload() throws Exception {
    Edge edge = edge("e1").start();
    publish(secure("a", host("a.test")), backend("a", ready("t", server("one"))));
    Certificate first = TestCertificates.certificate("a.test", 1, keys.publicKeys());
    Certificate second = TestCertificates.certificate("a.test", 2, keys.publicKeys());
    RuntimeAnswers.Running before = edge.haproxy.process();

    publish(first);
    awaitThat(() -> Http.fingerprint(edge.https, "a.test").equals(first.fingerprint()));
    publish(second);
    awaitThat(() -> Http.fingerprint(edge.https, "a.test").equals(second.fingerprint()));

    assertThat(Http.getTls(edge.https, "a.test", "/").body()).startsWith("one");
    assertThat(edge.haproxy.process().same(before)).isTrue();
    awaitStatus("e1", s -> s.certificates().equals(Map.of("a.test", second.fingerprint())));
    Path pem = edge.dir.resolve("certs/c_a.test.pem");
    awaitThat(() -> Files.exists(pem));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pem)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(pem)).doesNotContain("\r").doesNotContain("\n\n");
    awaitThat(() -> !Files.exists(edge.dir.resolve("next")));
  }

  @Test
  void a_certificate_with_another_key_is_refused_and_the_old_one_stays() throws Exception {
    Edge edge = edge("e1").start();
    Certificate good = TestCertificates.certificate("a.test", 1, keys.publicKeys());
    publish(good);
    awaitThat(() -> Http.fingerprint(edge.https, "a.test").equals(good.fingerprint()));

    publish(
        TestCertificates.certificate(
            "a.test", 2, keys.publicKeys(), TestCertificates.ec(), TestCertificates.ec()));

    EdgeStatus status = awaitStatus("e1", s -> !s.refused().isEmpty());
    assertThat(status.refused()).extracting(Refusal::key).containsExactly("certificate/a.test");
    assertThat(status.certificates()).containsEntry("a.test", good.fingerprint());
    assertThat(Http.fingerprint(edge.https, "a.test")).isEqualTo(good.fingerprint());
  }

  @Test
  void a_certificate_that_only_haproxy_refuses_is_named_and_others_are_installed()
      throws Exception {
    Edge edge = edge("e1").start();
    Certificate good = TestCertificates.certificate("a.test", 1, keys.publicKeys());
    publish(good);
    awaitThat(() -> Http.fingerprint(edge.https, "a.test").equals(good.fingerprint()));
    KeyPair weak = TestCertificates.weak();
    Certificate other = TestCertificates.certificate("b.test", 1, keys.publicKeys());

    publish(TestCertificates.certificate("a.test", 2, keys.publicKeys(), weak, weak), other);

    EdgeStatus status = awaitStatus("e1", s -> !s.refused().isEmpty());
    assertThat(status.refused()).extracting(Refusal::key).containsExactly("certificate/a.test");
    awaitThat(() -> Http.fingerprint(edge.https, "b.test").equals(other.fingerprint()));
    assertThat(Http.fingerprint(edge.https, "a.test")).isEqualTo(good.fingerprint());
  }

  @Test
  void a_bad_value_is_refused_and_named_while_others_are_served() throws Exception {
    Edge edge = edge("e1").start();

    publish(
        web("bad", 9, host("x.test\n  bind :1")),
        web("good", 1, host("a.test")),
        backend("good", ready("t", server("good"))));

    awaitThat(() -> body(edge, "a.test").startsWith("good"));
    EdgeStatus status = awaitStatus("e1", s -> s.routes() == 1);
    assertThat(status.refused()).extracting(Refusal::key).containsExactly("route/bad");
  }

  @Test
  void a_restarted_haproxy_serves_by_itself_from_disk() throws Exception {
    Edge edge = edge("e1").start();
    Certificate certificate = TestCertificates.certificate("a.test", 1, keys.publicKeys());
    publish(
        certificate,
        secure("s", host("a.test")),
        web("a", 1, host("a.test")),
        backend("a", ready("t", server("one"))),
        backend("s", ready("t", server("tls"))));
    awaitThat(() -> body(edge, "a.test").startsWith("one"));
    awaitThat(() -> Http.getTls(edge.https, "a.test", "/").body().startsWith("tls"));
    awaitThat(() -> Files.readString(edge.dir.resolve("haproxy.cfg")).contains("backend b_s"));
    awaitThat(() -> Files.exists(edge.dir.resolve("certs/c_a.test.pem")));
    awaitThat(() -> !Files.exists(edge.dir.resolve("next")));
    edge.stopAgent();

    edge.haproxy.kill();
    edge.haproxy.start();
    edge.awaitHaproxy();

    assertThat(body(edge, "a.test")).startsWith("one");
    assertThat(Http.fingerprint(edge.https, "a.test")).isEqualTo(certificate.fingerprint());
  }

  @Test
  void a_restarted_haproxy_is_noticed_and_brought_up_to_date() throws Exception {
    Edge edge = edge("e1").start();
    publish(web("a", 1, host("a.test")), backend("a", ready("t", server("one"))));
    awaitThat(() -> body(edge, "a.test").startsWith("one"));

    edge.haproxy.kill();
    publish(web("b", 1, host("b.test")), backend("b", ready("t", server("two"))));
    awaitStatus("e1", s -> !holds(s, "Ready"));
    edge.haproxy.start();

    awaitThat(() -> body(edge, "a.test").startsWith("one"));
    awaitThat(() -> body(edge, "b.test").startsWith("two"));
    awaitStatus("e1", s -> holds(s, "Ready"));
  }

  @Test
  void a_restarted_agent_reloads_nothing() throws Exception {
    Edge edge = edge("e1").start();
    Certificate certificate = TestCertificates.certificate("a.test", 1, keys.publicKeys());
    publish(certificate, web("a", 1, host("a.test")), backend("a", ready("t", server("one"))));
    awaitThat(() -> body(edge, "a.test").startsWith("one"));
    awaitStatus("e1", s -> s.routes() == 1 && holds(s, "Ready"));
    RuntimeAnswers.Running before = edge.haproxy.process();

    edge.stopAgent();
    edge.startAgent();
    publish(web("b", 1, host("b.test")), backend("b", ready("t", server("two"))));

    awaitThat(() -> body(edge, "b.test").startsWith("two"));
    assertThat(edge.haproxy.process().same(before)).isTrue();
    assertThat(edge.reloads()).isZero();
  }

  @Test
  void what_someone_else_changed_is_put_right() throws Exception {
    Edge edge = edge("e1").start();
    publish(web("a", 1, host("a.test")), backend("a", ready("t", server("one"))));
    awaitThat(() -> body(edge, "a.test").startsWith("one"));

    edge.haproxy.ask("add map " + edge.dir + "/maps/web.map b.test/ b_wrong");
    publish(web("b", 1, host("b.test")), backend("b", ready("t", server("two"))));

    awaitThat(() -> body(edge, "b.test").startsWith("two"));
    awaitStatus("e1", s -> s.routes() == 2 && holds(s, "Ready") && s.reloads() == 1);
    assertThat(body(edge, "a.test")).startsWith("one");
  }

  @Test
  void two_edges_serve_the_same() throws Exception {
    Edge first = edge("e1").start();
    Edge second = edge("e2").start();

    publish(web("a", 1, host("a.test")), backend("a", ready("t", server("one"))));

    awaitThat(() -> body(first, "a.test").startsWith("one"));
    awaitThat(() -> body(second, "a.test").startsWith("one"));
    awaitStatus("e1", s -> s.routes() == 1);
    awaitStatus("e2", s -> s.routes() == 1);
    assertThat(first.fatal.get()).isNull();
    assertThat(second.fatal.get()).isNull();
  }

  @Test
  void an_emptied_store_is_refused_until_it_is_adopted() throws Exception {
    Edge edge = edge("e1").start();
    publish(web("a", 1, host("a.test")), backend("a", ready("t", server("one"))));
    awaitThat(() -> body(edge, "a.test").startsWith("one"));
    awaitStatus("e1", s -> holds(s, "Ready"));
    edge.stopAgent();
    disconnect();

    kafka.wipe();
    connect();
    edge.startAgent();

    awaitStatus("e1", s -> !holds(s, "StoreKnown"));
    publish(web("b", 1, host("b.test")), backend("b", ready("t", server("two"))));
    assertThat(body(edge, "a.test")).startsWith("one");
    assertThat(edge.agent().health().ready()).isFalse();

    adopt("e1");

    awaitThat(() -> body(edge, "b.test").startsWith("two"));
    awaitThat(() -> Http.get(edge.http, "a.test", "/").status() == 404);
    awaitStatus("e1", s -> holds(s, "StoreKnown") && holds(s, "Ready"));
  }

  @Test
  void an_edge_that_is_gone_is_forgotten_and_one_that_runs_says_so_again() throws Exception {
    Edge gone = edge("gone").start();
    edge("e1").start();
    publish(web("a", 1, host("a.test")), backend("a", ready("t", server("one"))));
    awaitStatus("gone", s -> holds(s, "Ready"));
    awaitStatus("e1", s -> holds(s, "Ready"));
    gone.stopAgent();

    tell("edge.forget", Json.mapper().createObjectNode().put("edge", "gone"));
    awaitThat(() -> statuses.get("gone").isEmpty());

    edge("e2").start();
    awaitStatus("e2", s -> holds(s, "Ready"));
    int before = said.get("e1");
    tell("edge.forget", Json.mapper().createObjectNode().put("edge", "e1"));
    // Once deleted by e2, once said again.
    awaitThat(() -> said.get("e1") >= before + 2);
    awaitThat(() -> statuses.get("e1").isPresent());
  }

  @Test
  void plain_requests_are_redirected_where_the_route_says_so() throws Exception {
    Edge edge = edge("e1").start();
    Route route =
        route(
            "a",
            1,
            host("a.test"),
            List.of("web", "websecure"),
            new Route.Tls(null, List.of()),
            true,
            "a");

    publish(route, backend("a", ready("t", server("one"))));

    awaitThat(() -> Http.get(edge.http, "a.test:8080", "/x?y=1").status() == 301);
    assertThat(Http.get(edge.http, "a.test:8080", "/x?y=1").headers())
        .containsEntry("location", "https://a.test:" + edge.https + "/x?y=1");
    assertThat(Http.request("POST", edge.http, "a.test", "/x", "Content-Length: 0").status())
        .isEqualTo(308);
  }

  @Test
  void http_01_is_answered_from_the_thumbprint_alone() throws Exception {
    Edge edge = edge("e1").start();
    String thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
    Issuer issuer =
        new Issuer(
            "acme",
            Issuer.Kind.ACME,
            "https://ca.test/dir",
            null,
            null,
            thumbprint,
            null,
            Instant.now());

    publish(issuer);

    String path = "/.well-known/acme-challenge/tok-EN_1";
    awaitThat(() -> Http.get(edge.http, "any.test", path).status() == 200);
    assertThat(Http.get(edge.http, "any.test", path).body()).isEqualTo("tok-EN_1." + thumbprint);
    assertThat(Http.get(edge.http, "any.test", path + "/x").status()).isEqualTo(404);
  }

  @Test
  void servers_are_told_of_the_client_by_the_edge_alone() throws Exception {
    Edge edge = edge("e1").start();
    int port = server("one");
    publish(web("a", 1, host("a.test")), backend("a", ready("t", port)));
    Backend own = new Backend("own", "s", "http", false, List.of(ready("t", port)));
    publish(web("own", 1, host("own.test")), own);
    awaitThat(() -> Http.get(edge.http, "own.test", "/").status() == 200);

    String seen =
        Http.get(
                edge.http,
                "a.test",
                "/",
                "X-Forwarded-For: 6.6.6.6",
                "X_Forwarded_For: 6.6.6.7",
                "X-Real-IP: 6.6.6.8",
                "Forwarded: for=6.6.6.9")
            .body();

    assertThat(seen)
        .doesNotContain("6.6.6")
        .contains("X-forwarded-for=[127.0.0.1]")
        .contains("X-forwarded-proto=[http]")
        .contains("X-forwarded-host=[a.test]")
        .contains("X-forwarded-port=[" + edge.http + "]");
    assertThat(Http.get(edge.http, "own.test", "/").body())
        .contains("Host=[127.0.0.1:" + port + "]")
        .contains("X-forwarded-host=[own.test]");
  }

  @Test
  void h2_is_spoken_over_tls() throws Exception {
    Edge edge = edge("e1").start();
    publish(
        TestCertificates.certificate("localhost", 1, keys.publicKeys()),
        secure("a", host("localhost")),
        backend("a", ready("t", server("one"))));
    awaitThat(() -> Http.getTls(edge.https, "localhost", "/").status() == 200);

    HttpResponse<String> answer;
    try (HttpClient client =
        HttpClient.newBuilder()
            .sslContext(Http.trusting())
            .version(HttpClient.Version.HTTP_2)
            .build()) {
      answer =
          client.send(
              HttpRequest.newBuilder(URI.create("https://localhost:" + edge.https + "/")).build(),
              HttpResponse.BodyHandlers.ofString());
    }

    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(answer.body()).startsWith("one").contains("X-forwarded-proto=[https]");
  }

  @Test
  void traefiks_file_follows_the_store() throws Exception {
    Edge edge = edge("e1").start();

    publish(web("a", 1, host("a.test")), backend("a", ready("t", 8080)));

    Path file = edge.dir.resolve("traefik/skep.yml");
    awaitThat(() -> Files.readString(file).contains("http://127.0.0.1:8080"));
  }

  @Test
  void haproxy_needs_no_rights_but_those_of_its_own_user() throws Exception {
    assumeThat(Files.getAttribute(temp, "unix:uid"))
        .as("only root can give files to another user")
        .isEqualTo(0);
    Edge edge = edge("e1", 99).start();
    Certificate certificate = TestCertificates.certificate("a.test", 1, keys.publicKeys());

    publish(certificate, secure("a", host("a.test")), backend("a", ready("t", server("one"))));

    awaitThat(() -> Http.fingerprint(edge.https, "a.test").equals(certificate.fingerprint()));
    awaitThat(() -> Http.getTls(edge.https, "a.test", "/").body().startsWith("one"));
    Path pem = edge.dir.resolve("certs/c_a.test.pem");
    awaitThat(() -> Files.exists(pem));
    awaitStatus("e1", s -> holds(s, "Ready"));
    assertThat(Files.getAttribute(pem, "unix:uid")).isEqualTo(99);
    edge.haproxy.kill();
    edge.haproxy.start();
    awaitThat(() -> Http.getTls(edge.https, "a.test", "/").body().startsWith("one"));
  }

  private Edge edge(String name) throws Exception {
    return edge(name, -1);
  }

  private Edge edge(String name, int ownerUid) throws Exception {
    Edge edge =
        new Edge(name, temp.resolve(name), engine, kafka.bootstrapServers(), keys, ownerUid);
    opened.add(edge);
    return edge;
  }

  private int server(String name) throws Exception {
    HttpServer server = Http.server(name);
    opened.add(() -> server.stop(0));
    return server.getAddress().getPort();
  }

  private static String body(Edge edge, String host) throws Exception {
    return Http.get(edge.http, host, "/").body();
  }

  private void publish(Object... entries) {
    List<Write<?>> writes = new ArrayList<>();
    for (Object entry : entries) {
      switch (entry) {
        case RoutingEntry r ->
            writes.add(Write.put(Topics.ROUTES, Codecs.ROUTES, r.key(), r, "updated", null));
        case Certificate c ->
            writes.add(
                Write.put(Topics.CERTIFICATES, Codecs.CERTIFICATES, c.key(), c, "updated", null));
        case Issuer i ->
            writes.add(
                Write.put(Topics.CERTIFICATES, Codecs.CERTIFICATES, i.key(), i, "updated", null));
        default -> throw new IllegalArgumentException(entry.toString());
      }
    }
    writer.publish(writes);
  }

  private void delete(String... routingKeys) {
    List<Write<?>> writes = new ArrayList<>();
    for (String key : routingKeys) {
      writes.add(Write.delete(Topics.ROUTES, Codecs.ROUTES, key));
    }
    writer.publish(writes);
  }

  private void adopt(String edge) throws Exception {
    ObjectNode body = Json.mapper().createObjectNode().put("edge", edge);
    ObjectNode topics = body.putObject("topics");
    TopicAdmin.topicIds(platform.kafka(), List.of(Topics.ROUTES.name(), Topics.CERTIFICATES.name()))
        .forEach(topics::put);
    tell("store.adopt", body);
  }

  private void tell(String kind, ObjectNode body) throws Exception {
    Instant now = Instant.now();
    String id = UUID.randomUUID().toString();
    Command command = new Command(id, "edge", kind, "test", now, now.plusSeconds(60), body, null);
    try (PlainPublisher publisher = PlainPublisher.open(platform, "edge-it")) {
      publisher
          .publish(Write.put(Topics.COMMANDS, Codecs.COMMANDS, "edge", command, "issued", null))
          .toCompletableFuture()
          .get();
    }
  }

  private static boolean holds(EdgeStatus status, String condition) {
    return status.conditions().stream()
        .anyMatch(c -> c.type().equals(condition) && c.status() == Condition.Status.TRUE);
  }

  private EdgeStatus awaitStatus(String edge, java.util.function.Predicate<EdgeStatus> wanted) {
    return await("status of " + edge)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> statuses.get(edge).orElse(null), s -> s != null && wanted.test(s));
  }

  private static void awaitThat(Callable<Boolean> condition) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(20)).ignoreExceptions().until(condition);
  }
}
