package dev.skep.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One HTTP exchange at a time over docker-java's transport: time limits and error mapping. */
final class Transport implements AutoCloseable {
  /** What is done with the body of a good answer. */
  interface BodyReader<T> {
    T read(InputStream body) throws IOException;
  }

  /** One call: what goes out. */
  record Call(String method, String path, JsonNode body, Map<String, String> headers) {
    /** The call as errors name it: without its query, which can be a page long. */
    String asked() {
      int query = path.indexOf('?');
      return method + " " + (query < 0 ? path : path.substring(0, query));
    }

    /** Without body and headers: both may be secret. */
    @Override
    public String toString() {
      return asked();
    }
  }

  private static final int ERROR_BODY_LIMIT = 64 * 1024;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final URI host;
  private final Connections connections;

  Transport(EngineConfig config) {
    this.host = config.host();
    this.connections = new Connections(config);
  }

  /**
   * Runs a call to its end within {@code limit}. The transport's own timeouts do not reach Unix
   * sockets, so the call has a thread of its own, which is broken off by closing its connection.
   *
   * @throws EngineException if the Engine refuses, or does not answer in time
   */
  <T> T exchange(Call call, Duration limit, BodyReader<T> reader) {
    DockerHttpClient http = connections.lease();
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              try (Response response = open(http, call);
                  InputStream body = body(response)) {
                T answer = reader.read(body);
                // Only a connection that was read to the end of the answer can be used again.
                body.transferTo(OutputStream.nullOutputStream());
                return answer;
              }
            });
    Thread.ofVirtual().name("engine " + call.asked()).start(task);
    boolean reusable = false;
    try {
      T answer = task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      reusable = true;
      return answer;
    } catch (TimeoutException e) {
      throw new EngineException(0, call.asked(), "no answer within " + limit.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(0, call.asked(), "interrupted", e);
    } catch (ExecutionException e) {
      EngineException mapped = mapped(call, e.getCause());
      reusable = !mapped.isUnreachable();
      throw mapped;
    } finally {
      release(http, reusable);
    }
  }

  private void release(DockerHttpClient http, boolean reusable) {
    if (reusable) {
      connections.giveBack(http);
    } else {
      connections.discard(http);
      connections.discardIdle();
    }
  }

  /** A connection for a stream, which the caller discards. */
  DockerHttpClient lease() {
    return connections.lease();
  }

  /** Ends a stream's connection. Idempotent. */
  void discard(DockerHttpClient http) {
    connections.discard(http);
  }

  /**
   * Sends a call and waits for the head of its answer; the caller reads the body and closes.
   *
   * @throws EngineException if the Engine refuses
   */
  Response open(DockerHttpClient http, Call call) {
    Response response;
    try {
      requireSocket();
      response = http.execute(request(call));
    } catch (RuntimeException | IOException e) {
      throw mapped(call, e);
    }
    if (response.getStatusCode() < 400) {
      return response;
    }
    try (response) {
      throw new EngineException(response.getStatusCode(), call.asked(), reason(response), null);
    }
  }

  /** The body of an answer; empty if it has none. */
  static InputStream body(Response response) {
    InputStream body = response.getBody();
    return body == null ? InputStream.nullInputStream() : body;
  }

  /** Without the file the transport falls back to native code only to fail less clearly. */
  private void requireSocket() throws IOException {
    if ("unix".equals(host.getScheme()) && !Files.exists(Path.of(host.getPath()))) {
      throw new IOException("there is no socket " + host.getPath());
    }
  }

  private static Request request(Call call) throws IOException {
    Map<String, String> headers = new HashMap<>(call.headers());
    Request.Builder request = Request.builder();
    if (call.body() != null) {
      headers.put("Content-Type", "application/json");
      request.bodyBytes(MAPPER.writeValueAsBytes(call.body()));
    }
    return request.method(call.method()).path(call.path()).headers(headers).build();
  }

  private static String reason(Response response) {
    try {
      byte[] bytes = body(response).readNBytes(ERROR_BODY_LIMIT);
      String text = new String(bytes, StandardCharsets.UTF_8).strip();
      if (text.startsWith("<")) {
        // A proxy's page.
        return text.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
      }
      return text.startsWith("{") ? MAPPER.readTree(text).path("message").asText(text) : text;
    } catch (IOException | RuntimeException e) {
      return "an answer that cannot be read: " + rootMessage(e);
    }
  }

  private EngineException mapped(Call call, Throwable cause) {
    if (cause instanceof EngineException e) {
      return e;
    }
    return new EngineException(
        0, call.asked(), "no answer from " + host + ": " + rootMessage(cause), cause);
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  @Override
  public void close() {
    connections.close();
  }
}
