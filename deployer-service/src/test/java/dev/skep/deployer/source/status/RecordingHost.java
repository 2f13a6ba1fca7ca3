package dev.skep.deployer.source.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.skep.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A host of repositories that records what it is told and answers as a test says. */
public final class RecordingHost implements AutoCloseable {
  /** One request; {@code path} as it was sent, {@code headers} by names in small letters. */
  public record Asked(String method, String path, Map<String, String> headers, JsonNode body) {}

  private final HttpServer server;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 201;
  private volatile String answer = "{}";
  private volatile Map<String, String> headers = Map.of();

  public RecordingHost() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          JsonNode body = Json.mapper().readTree(exchange.getRequestBody().readAllBytes());
          Map<String, String> sent = new TreeMap<>();
          exchange
              .getRequestHeaders()
              .forEach((k, v) -> sent.put(k.toLowerCase(Locale.ROOT), v.getFirst()));
          asked.add(
              new Asked(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI().getRawPath(),
                  Map.copyOf(sent),
                  body));
          headers.forEach(exchange.getResponseHeaders()::set);
          byte[] text = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, text.length == 0 ? -1 : text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
  }

  /** Its address, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public void answers(int code, String body, Map<String, String> more) {
    status = code;
    answer = body;
    headers = Map.copyOf(more);
  }

  /** All requests so far. */
  public List<Asked> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
