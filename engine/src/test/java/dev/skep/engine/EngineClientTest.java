package dev.skep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineClientTest {
  private final SimulatedEngine engine = new SimulatedEngine();

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void callsCarryTheNegotiatedVersionWhichIsAskedForOnce() {
    // Given
    engine.speaks("1.44", "1.24").on("/v1.44/nodes", 200, "[]");
    try (EngineClient client = engine.client()) {
      client.nodes();

      // When
      JsonNode nodes = client.nodes();

      // Then
      assertThat(nodes).isEmpty();
      assertThat(engine.seen)
          .extracting(SimulatedEngine.Seen::uri)
          .containsExactly("/version", "/v1.44/nodes", "/v1.44/nodes");
    }
  }

  @Test
  void anEngineThatCameBackWithAnotherVersionIsAskedAgain() {
    // Given a client that agreed on 1.51 with an Engine since replaced by an older one
    engine.speaks("1.51", "1.24").on("/v1.51/nodes", 200, "[]");
    try (EngineClient client = engine.client()) {
      client.nodes();
      engine
          .speaks("1.43", "1.12")
          .on(
              "/v1.51/nodes",
              400,
              "{\"message\":\"client version 1.51 is too new. Maximum supported API version is"
                  + " 1.43\"}")
          .on("/v1.43/nodes", 200, "[{\"ID\":\"n\"}]");

      // When
      JsonNode nodes = client.nodes();

      // Then
      assertThat(nodes).hasSize(1);
      assertThat(client.apiVersion()).isEqualTo("1.43");
    }
  }

  @Test
  void anErrorSaysWhatWasAskedWhatWasAnsweredAndWhatToDo() {
    // Given
    engine.on("/v1.41/services", 503, "{\"message\":\"This node is not a swarm manager.\"}");
    try (EngineClient client = engine.client()) {

      // When
      EngineException e = catchThrowableOfType(EngineException.class, () -> client.services(true));

      // Then
      assertThat(e.status()).isEqualTo(503);
      assertThat(e.reason()).isEqualTo("This node is not a swarm manager.");
      assertThat(e)
          .hasMessage(
              "GET /v1.41/services: the Engine answered 503: This node is not a swarm manager.;"
                  + " make this Engine a manager of a Swarm (docker swarm init)");
    }
  }

  @Test
  void anAnswerThatNeverComesIsAnErrorAfterTheTimeout() {
    // Given
    engine.on("/v1.41/info", exchange -> engine.hang());
    try (EngineClient client = engine.client(Duration.ofMillis(300))) {

      // When
      EngineException e = catchThrowableOfType(EngineException.class, client::info);

      // Then
      assertThat(e.isUnreachable()).isTrue();
      assertThat(e).hasMessageContaining("no answer within 300 ms");
    }
  }

  @Test
  void aBodyThatStopsHalfWayIsAnErrorAfterTheTimeout() {
    // Given
    engine.on(
        "/v1.41/info",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("{\"ID\":".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          engine.hang();
        });
    try (EngineClient client = engine.client(Duration.ofMillis(300))) {

      // When
      EngineException e = catchThrowableOfType(EngineException.class, client::info);

      // Then
      assertThat(e.isUnreachable()).isTrue();
    }
  }

  @Test
  void registryCredentialsGoIntoTheHeaderAndTheVersionIntoTheQuery() {
    // Given
    engine.on("/v1.41/services/a b/update", 200, "{\"Warnings\":null}");
    RegistryAuth auth = RegistryAuth.encoded("c2VjcmV0");
    JsonNode spec = JsonNodeFactory.instance.objectNode().put("Name", "web");
    try (EngineClient client = engine.client()) {

      // When
      client.updateService("a b", 17, spec, auth, "spec");

      // Then
      SimulatedEngine.Seen update = engine.seen.getLast();
      assertThat(update.uri())
          .isEqualTo("/v1.41/services/a%20b/update?version=17&registryAuthFrom=spec");
      assertThat(update.headers()).containsEntry("X-registry-auth", List.of("c2VjcmV0"));
      assertThat(update.headers()).containsEntry("Content-type", List.of("application/json"));
      assertThat(update.body()).isEqualTo("{\"Name\":\"web\"}");
    }
  }

  @Test
  void anImagesNameKeepsItsSlashesInThePath() {
    // Given
    engine.on("/v1.41/distribution/r.example:5000/a/b:1/json", 200, "{\"Descriptor\":{}}");
    try (EngineClient client = engine.client()) {

      // When
      JsonNode found = client.inspectDistribution("r.example:5000/a/b:1", null);

      // Then
      assertThat(found.has("Descriptor")).isTrue();
    }
  }

  @Test
  void longListsAreReadElementByElement() {
    // Given
    engine.on("/v1.41/tasks", 200, "[{\"ID\":\"a\"},{\"ID\":\"b\"}]\n");
    List<String> ids = new ArrayList<>();
    try (EngineClient client = engine.client()) {

      // When
      client.forEach("/tasks", Query.none(), task -> ids.add(task.path("ID").asText()));

      // Then
      assertThat(ids).containsExactly("a", "b");
    }
  }

  @Test
  void aListThatIsNoListIsAnError() {
    // Given
    engine.on("/v1.41/tasks", 200, "{\"oops\":1}");
    try (EngineClient client = engine.client()) {

      // When
      EngineException e =
          catchThrowableOfType(
              EngineException.class, () -> client.forEach("/tasks", Query.none(), task -> {}));

      // Then
      assertThat(e).hasMessageContaining("not a JSON array");
    }
  }
}
