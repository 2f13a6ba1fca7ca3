package dev.skep.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Codecs;
import dev.skep.model.Json;
import dev.skep.model.cert.CertificateEntry;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.stack.Stack;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.config.Secret;
import dev.skep.runtime.http.HttpConfig;
import dev.skep.runtime.http.HttpFrontDoor;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import dev.skep.testing.KafkaTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** A monitor over a real broker and a real port, and a writer that stands in for all services. */
final class RunningMonitor implements AutoCloseable {
  static final String TOKEN = "the-token-of-this-test";

  private final Platform platform;
  private final Writer writer;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(5))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final AtomicReference<Throwable> fatal = new AtomicReference<>();
  private MonitorService service;
  private HttpFrontDoor door;

  RunningMonitor(KafkaTest kafka) {
    platform = Platform.create(new KafkaConfig(kafka.bootstrapServers(), Map.of()), fatal::set);
    writer = Writer.open(platform, "monitor-test");
  }

  RunningMonitor start() {
    service = new MonitorService(platform, MonitorConfig.defaults());
    service.start();
    door =
        HttpFrontDoor.open(
            platform, new HttpConfig("127.0.0.1", 0, new Secret(TOKEN)), List.of(service));
    return this;
  }

  RunningMonitor awaitReady() {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> service.health().ready());
    return this;
  }

  void publish(List<Write<?>> writes) {
    writer.publish(writes);
  }

  static Write<Node> put(Node node) {
    return Write.put(Topics.NODES, Codecs.NODES, node.id(), node, "updated", null);
  }

  static Write<Service> put(Service s) {
    return Write.put(Topics.SERVICES, Codecs.SERVICES, s.id(), s, "updated", null);
  }

  static Write<Task> put(Task task) {
    return Write.put(Topics.TASKS, Codecs.TASKS, task.id(), task, "updated", null);
  }

  static Write<RoutingEntry> put(RoutingEntry entry) {
    return Write.put(Topics.ROUTES, Codecs.ROUTES, entry.key(), entry, "updated", null);
  }

  static Write<CertificateEntry> put(CertificateEntry entry) {
    return Write.put(Topics.CERTIFICATES, Codecs.CERTIFICATES, entry.key(), entry, "updated", null);
  }

  static Write<Stack> put(Stack stack) {
    return Write.put(Topics.STACKS, Codecs.STACKS, stack.name(), stack, "updated", null);
  }

  static Write<EdgeStatus> put(EdgeStatus edge) {
    return Write.put(Topics.EDGE_STATUS, Codecs.EDGE_STATUS, edge.edge(), edge, "updated", null);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + door.port() + path);
  }

  /** GET with the token. */
  HttpResponse<String> get(String path, String... headers) {
    return send(
        headers(HttpRequest.newBuilder(uri(path)), headers)
            .header("Authorization", "Bearer " + TOKEN)
            .build());
  }

  /** GET without the token. */
  HttpResponse<String> getBare(String path, String... headers) {
    return send(headers(HttpRequest.newBuilder(uri(path)), headers).build());
  }

  HttpResponse<String> post(String path, String form, String... headers) {
    return send(
        headers(HttpRequest.newBuilder(uri(path)), headers)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build());
  }

  /** The cookie of a new session. */
  String signIn() {
    return signIn(TOKEN);
  }

  /** The cookie of a new session of who holds this token. */
  String signIn(String token) {
    String cookie =
        post("/login", "token=" + token).headers().firstValue("Set-Cookie").orElseThrow();
    return cookie.substring(0, cookie.indexOf(';'));
  }

  JsonNode json(String path) {
    return tree(get(path).body());
  }

  static JsonNode tree(String json) {
    try {
      return Json.mapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }

  Platform platform() {
    return platform;
  }

  MonitorService service() {
    return service;
  }

  HttpClient http() {
    return http;
  }

  Throwable fatal() {
    return fatal.get();
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static HttpRequest.Builder headers(HttpRequest.Builder builder, String... headers) {
    builder.timeout(Duration.ofSeconds(20));
    return headers.length == 0 ? builder : builder.headers(headers);
  }

  @Override
  public void close() {
    if (door != null) {
      door.close();
    }
    if (service != null) {
      service.close();
    }
    writer.close();
    http.close();
    platform.close();
  }
}
