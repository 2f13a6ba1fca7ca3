package dev.skep.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A simulation, for what a healthy Engine of one version cannot show: other versions, errors at
 * will, answers that never come.
 */
final class SimulatedEngine implements AutoCloseable {
  record Seen(String method, String uri, Map<String, List<String>> headers, String body) {}

  /** Answers one path. */
  interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  SimulatedEngine() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    speaks("1.41", "1.12");
    on("/_ping", 200, "OK");
  }

  SimulatedEngine speaks(String newest, String oldest) {
    return on(
        "/version",
        200,
        "{\"ApiVersion\":\"%s\",\"MinAPIVersion\":\"%s\"}".formatted(newest, oldest));
  }

  SimulatedEngine on(String path, int status, String body) {
    return on(
        path,
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  SimulatedEngine on(String path, Handler handler) {
    handlers.put(path, handler);
    return this;
  }

  /** Never answers, until this simulation is closed. */
  void hang() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  EngineClient client(Duration timeout) {
    URI host = URI.create("tcp://127.0.0.1:" + server.getAddress().getPort());
    return EngineClient.connect(new EngineConfig(host, timeout));
  }

  EngineClient client() {
    return client(Duration.ofSeconds(10));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      seen.add(
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              Map.copyOf(exchange.getRequestHeaders()),
              body));
      Handler handler = handlers.get(exchange.getRequestURI().getPath());
      if (handler == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        handler.handle(exchange);
      }
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
