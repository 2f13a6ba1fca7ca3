package dev.skep.deployer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.skep.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A simulation of an Engine, on loopback: an empty Swarm manager that says yes to every creation
 * and keeps what it was sent. An object's id is "id-" and its name. External networks, secrets and
 * configs of any name exist. Services are listed once it is told to.
 */
final class RecordingEngine implements AutoCloseable {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final HttpServer server;
  private final Map<String, ArrayNode> sent = new ConcurrentHashMap<>();
  private final List<Post> posts = new CopyOnWriteArrayList<>();
  private final Map<String, String> lookUps = new ConcurrentHashMap<>();
  private volatile boolean listing;

  /**
   * A request that would change something.
   *
   * @param path without the API's version
   * @param auth its X-Registry-Auth, or null
   */
  record Post(String path, String query, JsonNode body, String auth) {}

  RecordingEngine() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  String address() {
    return "tcp://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The bodies of a kind (networks, secrets, configs, services) in the order of arrival. */
  ArrayNode sent(String kind) {
    return sent.computeIfAbsent(kind, k -> JSON.arrayNode());
  }

  /** The requests that would change something, in the order of arrival. */
  List<Post> posts() {
    return List.copyOf(posts);
  }

  /** The images that were looked up in their registries to X-Registry-Auth, "" without. */
  Map<String, String> lookUps() {
    return Map.copyOf(lookUps);
  }

  /** From now on the services that were sent are there, and nothing is remembered of before. */
  void listServices() {
    listing = true;
    posts.clear();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode body = Json.mapper().readTree(exchange.getRequestBody());
      String path = exchange.getRequestURI().getPath().replaceFirst("^/v1\\.[0-9]+", "");
      if (exchange.getRequestMethod().equals("POST")) {
        String kind = path.split("/", -1)[1];
        synchronized (this) {
          sent(kind).add(body);
        }
        posts.add(
            new Post(
                path,
                exchange.getRequestURI().getQuery(),
                body,
                exchange.getRequestHeaders().getFirst("X-Registry-Auth")));
        String id = "id-" + body.path("Name").asText();
        answer(exchange, 201, JSON.objectNode().put("ID", id).put("Id", id));
      } else if (path.startsWith("/distribution/")) {
        String auth = exchange.getRequestHeaders().getFirst("X-Registry-Auth");
        lookUps.put(path.replaceAll("^/distribution/|/json$", ""), auth == null ? "" : auth);
        answer(exchange, 403, JSON.objectNode().put("message", "no registry here"));
      } else {
        get(exchange, path);
      }
    }
  }

  private void get(HttpExchange exchange, String path) throws IOException {
    String[] parts = path.split("/", -1);
    if (path.equals("/info")) {
      ObjectNode info = JSON.objectNode();
      info.putObject("Swarm").put("ControlAvailable", true).put("LocalNodeState", "active");
      answer(exchange, 200, info);
    } else if (parts.length == 3 && parts[1].equals("networks")) {
      answer(exchange, 200, JSON.objectNode().put("Name", parts[2]).put("Scope", "swarm"));
    } else if (parts.length == 3) {
      answer(exchange, 404, JSON.objectNode().put("message", parts[1] + " not found"));
    } else if (path.equals("/secrets") || path.equals("/configs")) {
      answer(exchange, 200, named(exchange));
    } else if (path.equals("/services") && listing) {
      answer(exchange, 200, services());
    } else if (path.equals("/version")) {
      answer(exchange, 200, JSON.objectNode().put("ApiVersion", "1.50"));
    } else if (path.equals("/_ping")) {
      answer(exchange, 200, JSON.objectNode());
    } else {
      answer(exchange, 200, JSON.arrayNode());
    }
  }

  /** As they were last sent. */
  private synchronized ArrayNode services() {
    Map<String, ObjectNode> byName = new TreeMap<>();
    for (JsonNode spec : sent("services")) {
      String name = spec.path("Name").asText();
      ObjectNode service = JSON.objectNode().put("ID", "id-" + name);
      service.putObject("Version").put("Index", 7);
      service.set("Spec", spec);
      byName.put(name, service);
    }
    return JSON.arrayNode().addAll(byName.values());
  }

  /** Whatever the filter asks for by name is there. */
  private static ArrayNode named(HttpExchange exchange) throws IOException {
    ArrayNode result = JSON.arrayNode();
    String query = exchange.getRequestURI().getRawQuery();
    if (query != null && query.startsWith("filters=")) {
      String filters =
          URLDecoder.decode(query.substring("filters=".length()), StandardCharsets.UTF_8);
      Json.mapper()
          .readTree(filters)
          .path("name")
          .fieldNames()
          .forEachRemaining(
              name -> {
                ObjectNode object = result.addObject().put("ID", "id-" + name);
                object.putObject("Spec").put("Name", name);
              });
    }
    return result;
  }

  private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
    exchange.getResponseHeaders().add("Api-Version", "1.50");
    exchange.getResponseHeaders().add("Ostype", "linux");
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
