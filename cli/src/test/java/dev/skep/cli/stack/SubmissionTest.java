package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.deployer.gate.Awaited;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A deployer's answers are canned; that it gives them is its own tests' affair. */
class SubmissionTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final JsonNode BODY = JsonNodeFactory.instance.objectNode();

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> told = new ArrayList<>();
  private final List<String> warned = new ArrayList<>();
  private HttpServer deployer;
  private ApiClient api;

  @BeforeEach
  void start() throws IOException {
    deployer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    deployer.createContext("/", this::answer);
    deployer.start();
    api = new ApiClient(deployer.getAddress().getPort(), "token");
  }

  @AfterEach
  void stop() {
    api.close();
    deployer.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    boolean asked = exchange.getRequestMethod().equals("GET");
    String body = asked ? answers.getOrDefault(path, "{}") : "{}";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(asked ? 200 : 202, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private class Noted implements Display {
    @Override
    public void line(String text) {
      told.add(text);
    }

    @Override
    public void warning(String text) {
      warned.add(text);
    }
  }

  private Submission submission() {
    return new Submission(api, new Noted());
  }

  private void ends(String id, String state, String error, String steps) {
    answers.put(
        "/api/commands/" + id,
        "{'state': '%s', 'error': '%s', 'deployment': {'error': '%s', 'steps': [%s]}}"
            .formatted(state, error, error, steps)
            .replace('\'', '"'));
  }

  @Test
  void warningsAreTellingsOfTheirOwn() throws Exception {
    ends(
        "1",
        "succeeded",
        "",
        "{'kind': 'service', 'name': 'app_web', 'action': 'created', 'detail': ''},"
            + "{'kind': 'stack', 'name': 'app', 'action': 'warned', 'detail': 'no digest'}");

    submission().deploy("app", "1", BODY, LONG);

    assertThat(told).containsExactly("created service app_web");
    assertThat(warned).containsExactly("warning: no digest");
  }

  @Test
  void howFarServicesAreIsShownAsLongAsTheyAreWaitedFor() throws Exception {
    answers.put(
        "/api/commands/1",
        """
        {"state": "running", "deployment": {"steps": []},
         "awaited": {"services": [{"name": "app_web", "words": "0/1 running", "cause": ""}],
                     "more": 2}}\
        """);
    List<Awaited> seen = new ArrayList<>();
    Display display =
        new Noted() {
          @Override
          public void awaited(Awaited services) {
            seen.add(services);
            ends("1", "succeeded", "", "");
          }
        };

    new Submission(api, display).deploy("app", "1", BODY, LONG);

    assertThat(seen)
        .containsExactly(
            new Awaited(List.of(new Awaited.Service("app_web", "0/1 running", "")), 2),
            Awaited.NOTHING);
    assertThat(told).isEmpty();
  }

  @Test
  void whatFailsIsStillWarnedOf() {
    ends(
        "1",
        "failed",
        "it broke",
        "{'kind': 'stack', 'name': 'app', 'action': 'warned', 'detail': 'no digest'}");

    assertThatThrownBy(() -> submission().deploy("app", "1", BODY, LONG))
        .isInstanceOf(CliException.class)
        .hasMessage("the deployment failed: it broke");
    assertThat(warned).containsExactly("warning: no digest");
  }

  @Test
  void whoseTimeIsOverIsToldWhereToLook() {
    assertThatThrownBy(() -> submission().deploy("app", "1", BODY, Duration.ZERO))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("skep stack history app");
  }

  @Test
  void aRollbackIsFollowedForAsLongAsItsRevisionMayTake() throws Exception {
    answers.put("/api/stacks/app/revisions", "[{\"options\": {\"timeoutSeconds\": \"3600\"}}]");
    ends("1", "succeeded", "", "");

    submission().rollback("app", "1", 0, Duration.ZERO);

    assertThat(warned).isEmpty();
  }
}
