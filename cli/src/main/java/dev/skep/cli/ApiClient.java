package dev.skep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.skep.cli.cluster.InCluster;
import dev.skep.model.Json;
import dev.skep.runtime.access.Caller;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The suite's HTTP API as the command line uses it: on this machine's loopback, or inside the
 * cluster, where each service answers for its own paths.
 */
public final class ApiClient implements AutoCloseable {
  /**
   * An answer.
   *
   * @param body JSON, or missing if it was none
   */
  public record Answer(int status, JsonNode body, String text) {
    /** Whether it is a 2xx. */
    public boolean ok() {
      return status / 100 == 2;
    }

    /** What a problem+json body says, or the status. */
    public String problem() {
      String detail = body.path("detail").asText("");
      String title = body.path("title").asText("HTTP " + status);
      return detail.isEmpty() ? title : detail;
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final UnaryOperator<URI> place;
  private final String token;
  private final String person = Person.current();

  public ApiClient(int port, String token) {
    URI base = URI.create("http://127.0.0.1:" + port);
    this.place = base::resolve;
    this.token = token;
  }

  /** A client of services that each have an address of their own. */
  public ApiClient(InCluster cluster) {
    this.place = path -> cluster.owner(path.getPath()).resolve(path);
    this.token = cluster.token();
  }

  /**
   * A client of the suite: of the cluster's if this process runs inside it, else of the one that
   * runs on {@code state}; empty if none does.
   *
   * @throws CliException if this process runs inside the cluster and was not told how
   */
  public static Optional<ApiClient> connect(StateDir state) {
    return connect(state, System.getenv());
  }

  static Optional<ApiClient> connect(StateDir state, Map<String, String> env) {
    return InCluster.from(env)
        .map(ApiClient::new)
        .or(() -> state.current().map(r -> new ApiClient(r.httpPort(), state.tokenValue())));
  }

  /** What a list of the API holds; empty while its service is not ready to say. */
  public JsonNode list(String path) throws IOException, InterruptedException {
    Answer answer = get(path);
    return answer.ok() && answer.body().isArray() ? answer.body() : Json.mapper().createArrayNode();
  }

  /**
   * GETs a path.
   *
   * @throws IOException if nobody answers in time
   */
  public Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  /** POSTs JSON. */
  public Answer post(String path, JsonNode body, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    headers.forEach(request::header);
    return send(request.build());
  }

  /** DELETEs a path. */
  public Answer delete(String path) throws IOException, InterruptedException {
    return send(request(path).DELETE().build());
  }

  /** DELETEs a path, with further headers. */
  public Answer delete(String path, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).DELETE();
    headers.forEach(request::header);
    return send(request.build());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(place.apply(URI.create(path)))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + token);
    return person.isEmpty() ? request : request.header(Caller.PERSON_HEADER, person);
  }

  private Answer send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer;
    try {
      answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException e) {
      // Its own message is null.
      throw new IOException(
          "the suite does not answer on " + request.uri().getAuthority() + ": see ./skep status",
          e);
    }
    JsonNode body = MissingNode.getInstance();
    if (answer.headers().firstValue("Content-Type").orElse("").contains("json")) {
      body = Json.mapper().readTree(answer.body());
    }
    return new Answer(answer.statusCode(), body, answer.body());
  }

  @Override
  public void close() {
    http.close();
  }
}
