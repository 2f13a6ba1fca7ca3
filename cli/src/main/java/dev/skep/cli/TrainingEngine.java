package dev.skep.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Answers as the Engine of an empty cluster would, and accepts every change without making it: what
 * is recorded is which classes a command loads, and this one brings none but the JDK's. Listens on
 * loopback alone.
 */
final class TrainingEngine implements AutoCloseable {
  private static final String NOTHING = "[]";
  private static final String ACCEPTED = "{\"ID\":\"training\"}";

  private static final Map<String, String> ANSWERS =
      Map.of(
          "/version", "{\"Version\":\"28.5.2\",\"ApiVersion\":\"1.51\",\"MinAPIVersion\":\"1.24\"}",
          "/info",
              """
              {"Name":"training","Swarm":{"NodeID":"training","LocalNodeState":"active","ControlAvailable":true}}
              """);

  private final HttpServer server;

  private TrainingEngine(HttpServer server) {
    this.server = server;
  }

  static TrainingEngine listen() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", TrainingEngine::answer);
    server.start();
    return new TrainingEngine(server);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().replaceFirst("^/v[0-9.]+", "");
    boolean reads = exchange.getRequestMethod().equals("GET");
    String answer = reads ? ANSWERS.getOrDefault(path, NOTHING) : ACCEPTED;
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(reads ? 200 : 201, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  URI uri() {
    return URI.create("tcp://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
