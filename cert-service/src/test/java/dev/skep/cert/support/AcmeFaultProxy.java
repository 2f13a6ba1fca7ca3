package dev.skep.cert.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Json;
import dev.skep.testing.Pebble;
import dev.skep.testing.Ports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A simulation, for what Pebble does not do, or not when a test asks: a proxy in front of it that
 * answers 429 and 503 with Retry-After, that lets a request arrive and then refuses it, and that
 * offers renewal information (ARI), which Debian 12's Pebble lacks.
 */
public final class AcmeFaultProxy implements AutoCloseable {
  /** Answers that are given in place of the CA's. */
  private record Fault(int status, String retryAfter, AtomicInteger left) {}

  /** Many times what Pebble takes to look at an edge of the same machine. */
  private static final Duration DECIDED = Duration.ofSeconds(3);

  /** A suggested renewal window. */
  public record Window(Instant start, Instant end) {}

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client;
  private final int port = Ports.free();
  private final URI upstream;
  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

  /** The payloads of the orders that reached the CA. */
  public final List<JsonNode> orders = new CopyOnWriteArrayList<>();

  private volatile Window window;

  public AcmeFaultProxy(Pebble pebble) {
    upstream = pebble.directoryUrl();
    client =
        vertx.createHttpClient(
            new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
    PfxOptions key =
        new PfxOptions()
            .setPath(pebble.tlsKeyStore().toString())
            .setPassword(pebble.tlsKeyStorePassword());
    try {
      vertx
          .createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(key))
          .requestHandler(this::handle)
          .listen(port, "127.0.0.1")
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the proxy did not start", e);
    }
  }

  public URI directoryUrl() {
    return URI.create("https://localhost:" + port + "/dir");
  }

  /** The next {@code times} requests to paths that start so are answered with {@code status}. */
  public void fail(String path, int times, int status, String retryAfter) {
    faults.put(path, new Fault(status, retryAfter, new AtomicInteger(times)));
  }

  /**
   * The next {@code times} requests to paths that start so reach the CA, which does what they ask,
   * and are then answered as malformed: what a client sees whose request was overtaken.
   */
  public void overtake(String path, int times) {
    refused.put(path, new AtomicInteger(times));
  }

  /** Offers renewal information from now on. */
  public void suggest(Window suggested) {
    window = suggested;
  }

  /** How many requests there were to paths that start so, answered by whomever. */
  public int asked(String path) {
    return asked.entrySet().stream()
        .filter(e -> e.getKey().startsWith(path))
        .mapToInt(e -> e.getValue().get())
        .sum();
  }

  @Override
  public void close() throws IOException {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IOException("the proxy did not end", e);
    }
  }

  private void handle(HttpServerRequest request) {
    asked.computeIfAbsent(request.path(), p -> new AtomicInteger()).incrementAndGet();
    for (Map.Entry<String, Fault> entry : faults.entrySet()) {
      Fault fault = entry.getValue();
      if (request.path().startsWith(entry.getKey()) && fault.left().getAndDecrement() > 0) {
        request
            .response()
            .setStatusCode(fault.status())
            .putHeader("Retry-After", fault.retryAfter())
            .putHeader("Content-Type", "text/html")
            .end("<h1>busy</h1>");
        return;
      }
    }
    if (window != null && request.path().startsWith("/renewal-info/")) {
      request
          .response()
          .putHeader("Content-Type", "application/json")
          .putHeader("Retry-After", "21600")
          .end(
              "{\"suggestedWindow\":{\"start\":\"%s\",\"end\":\"%s\"}}"
                  .formatted(window.start(), window.end()));
      return;
    }
    request.body().onSuccess(body -> pass(request, body));
  }

  private void pass(HttpServerRequest request, Buffer body) {
    if (request.path().equals("/order-plz")) {
      orders.add(payload(body));
    }
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost("127.0.0.1")
            .setPort(upstream.getPort())
            .setURI(request.uri());
    client
        .request(options)
        .compose(
            toCa -> {
              // The CA makes its URLs from the host that it was asked for: all lead through here.
              toCa.headers().setAll(request.headers());
              return toCa.send(body);
            })
        .compose(
            fromCa ->
                fromCa
                    .body()
                    .compose(
                        answer -> {
                          if (isOvertaken(request.path())) {
                            // Not before the CA has decided: that is what overtook it.
                            return vertx
                                .timer(DECIDED.toMillis(), TimeUnit.MILLISECONDS)
                                .compose(passed -> refuse(request, fromCa));
                          }
                          request.response().setStatusCode(fromCa.statusCode());
                          fromCa.headers().remove("Content-Length");
                          request.response().headers().setAll(fromCa.headers());
                          return request.response().end(edited(request, answer));
                        }))
        .recover(
            e -> {
              request.response().setStatusCode(502).end();
              return Future.succeededFuture();
            });
  }

  private boolean isOvertaken(String path) {
    return refused.entrySet().stream()
        .anyMatch(e -> path.startsWith(e.getKey()) && e.getValue().getAndDecrement() > 0);
  }

  private static Future<Void> refuse(HttpServerRequest request, HttpClientResponse fromCa) {
    return request
        .response()
        .setStatusCode(400)
        .putHeader("Replay-Nonce", fromCa.getHeader("Replay-Nonce"))
        .putHeader("Content-Type", "application/problem+json")
        .end(
            """
            {"type":"urn:ietf:params:acme:error:malformed",\
            "detail":"Cannot update challenge with status valid, only status pending"}
            """);
  }

  private Buffer edited(HttpServerRequest request, Buffer answer) {
    if (window == null || !request.path().equals("/dir")) {
      return answer;
    }
    ObjectNode directory = read(answer.getBytes());
    directory.put("renewalInfo", "https://localhost:" + port + "/renewal-info");
    return Buffer.buffer(directory.toString());
  }

  private static JsonNode payload(Buffer jws) {
    String payload = read(jws.getBytes()).path("payload").asText();
    return read(Base64.getUrlDecoder().decode(payload));
  }

  private static ObjectNode read(byte[] json) {
    try {
      return (ObjectNode) Json.mapper().readTree(new String(json, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
