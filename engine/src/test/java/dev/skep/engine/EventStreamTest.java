package dev.skep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  /** Keeps what it is told. */
  private static final class Recorder implements EventListener {
    final List<String> told = new CopyOnWriteArrayList<>();
    volatile EngineException end;

    @Override
    public void onOpen() {
      told.add("open");
    }

    @Override
    public void onEvent(JsonNode event) {
      told.add(event.path("Action").asText());
    }

    @Override
    public void onEnd(EngineException cause) {
      end = cause;
      told.add("end");
    }
  }

  private final SimulatedEngine engine = new SimulatedEngine();
  private final Recorder recorder = new Recorder();

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void eventsArriveInOrderAndTheEndIsReported() {
    // Given an Engine that says two things and ends
    engine.on(
        "/v1.41/events",
        exchange -> say(exchange, "{\"Action\":\"create\"}\n{\"Action\":\"update\"}\n"));
    try (EngineClient client = engine.client()) {

      // When
      client.events(null, Filters.of("scope", "swarm"), recorder);

      // Then
      await().until(() -> recorder.end != null);
      assertThat(recorder.told).containsExactly("open", "create", "update", "end");
      assertThat(recorder.end).hasMessageContaining("the Engine ended the stream");
    }
  }

  @Test
  void anEngineThatStallsIsNoticedThoughItsStreamStaysOpen() {
    // Given an Engine that says one thing, stays silent, and then answers nothing any more
    engine.on(
        "/v1.41/events",
        exchange -> {
          say(exchange, "{\"Action\":\"create\"}\n");
          engine.on("/_ping", ping -> engine.hang());
          engine.hang();
        });
    try (EngineClient client = engine.client(Duration.ofSeconds(2))) {

      // When
      EventStream.start(client, Query.none(), recorder, Duration.ofMillis(50));

      // Then
      await().until(() -> recorder.end != null);
      assertThat(recorder.told).containsExactly("open", "create", "end");
      assertThat(recorder.end).hasMessageContaining("stalled");
    }
  }

  @Test
  void aRefusedStreamIsReportedWithTheEnginesWords() {
    // Given
    engine.on("/v1.41/events", 403, "{\"message\":\"not allowed\"}");
    try (EngineClient client = engine.client()) {

      // When
      client.events(null, Filters.none(), recorder);

      // Then
      await().until(() -> recorder.end != null);
      assertThat(recorder.told).containsExactly("end");
      assertThat(recorder.end.status()).isEqualTo(403);
    }
  }

  @Test
  void anEventThatIsNoJsonEndsTheStreamWithAReason() {
    // Given
    engine.on("/v1.41/events", exchange -> say(exchange, "{\"Action\":\"create\"}\n<html>\n"));
    try (EngineClient client = engine.client()) {

      // When
      client.events(null, Filters.none(), recorder);

      // Then
      await().until(() -> recorder.end != null);
      assertThat(recorder.told).containsExactly("open", "create", "end");
    }
  }

  @Test
  void aListenerThatFailsLearnsOfTheEndToo() {
    // Given
    engine.on("/v1.41/events", exchange -> say(exchange, "{\"Action\":\"create\"}\n"));
    EventListener listener =
        new EventListener() {
          @Override
          public void onEvent(JsonNode event) {
            throw new IllegalStateException("no more");
          }

          @Override
          public void onEnd(EngineException cause) {
            recorder.onEnd(cause);
          }
        };
    try (EngineClient client = engine.client()) {

      // When
      client.events(null, Filters.none(), listener);

      // Then
      await().until(() -> recorder.end != null);
      assertThat(recorder.end).hasMessageContaining("no more");
    }
  }

  @Test
  void aStreamThatIsClosedByItsOwnerIsNotReported() {
    // Given an open, quiet stream
    engine.on(
        "/v1.41/events",
        exchange -> {
          say(exchange, "{\"Action\":\"create\"}\n");
          engine.hang();
        });
    try (EngineClient client = engine.client()) {
      EventStream stream = client.events(null, Filters.none(), recorder);
      await().until(() -> recorder.told.contains("create"));

      // When
      stream.close();

      // Then
      await().until(stream::ended);
      assertThat(recorder.told).containsExactly("open", "create");
    }
  }

  private static void say(HttpExchange exchange, String text) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }
}
