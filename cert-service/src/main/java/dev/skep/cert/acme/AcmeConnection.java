package dev.skep.cert.acme;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Consumer;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.DefaultConnection;
import org.shredzone.acme4j.connector.HttpConnector;

/** acme4j's connection, which counts every request and keeps every Retry-After. */
final class AcmeConnection extends DefaultConnection {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int MAX_BODY = 64 * 1024;

  private final AcmeMetrics metrics;
  private final Clock clock;

  AcmeConnection(HttpConnector connector, AcmeMetrics metrics, Clock clock) {
    super(connector);
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  protected void sendRequest(Session session, URL url, Consumer<HttpRequest.Builder> body)
      throws IOException {
    try {
      super.sendRequest(session, url, body);
    } catch (IOException e) {
      metrics.unanswered();
      throw e;
    }
    HttpResponse<InputStream> response = lastResponse;
    int status = response.statusCode();
    metrics.answered(status);
    if (status == TOO_MANY_REQUESTS || status >= 500) {
      String header = response.headers().firstValue("Retry-After").orElse(null);
      throw new ServerBusyException(
          status, detail(response), RetryAfter.parse(header, clock.instant()));
    }
  }

  /** The problem document's detail, where the body is one. */
  private static String detail(HttpResponse<InputStream> response) throws IOException {
    String body;
    try (InputStream in = response.body()) {
      body = new String(in.readNBytes(MAX_BODY), StandardCharsets.UTF_8);
    }
    try {
      JsonNode problem = Json.mapper().readTree(body);
      return problem == null ? "" : problem.path("detail").asText("");
    } catch (JsonProcessingException e) {
      return "";
    }
  }
}
