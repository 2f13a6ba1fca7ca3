package dev.skep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.skep.engine.LogLine.Source;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogStreamTest {
  private static final String DETAILS =
      "com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=";
  private static final Charset UTF_8 = StandardCharsets.UTF_8;
  private static final String TIME = "2026-11-21T22:23:30.811056188Z";
  private static final LogOptions ALL = new LogOptions(false, LogOptions.ALL, null, false);

  private final SimulatedEngine engine = new SimulatedEngine();
  private final List<LogLine> lines = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void eachFrameIsALineOfItsTaskAndStream() throws IOException {
    // Given two tasks and two streams, and a last line without an end
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    frame(wire, 1, TIME + " " + DETAILS + "t1 hello = a, b\n");
    frame(wire, 2, TIME + " " + DETAILS + "t2 \n");
    frame(wire, 1, TIME + " " + DETAILS + "t1 no end");

    // When
    read(wire.toByteArray(), false, true);

    // Then
    assertThat(lines)
        .containsExactly(
            new LogLine(Source.STDOUT, TIME, "t1", "n1", "hello = a, b"),
            new LogLine(Source.STDERR, TIME, "t2", "n1", ""),
            new LogLine(Source.STDOUT, TIME, "t1", "n1", "no end"));
  }

  @Test
  void aLineThatDockerCutIntoPiecesIsWholeAgain() throws IOException {
    // Given a line whose cut goes through a character of two bytes, and another task's in between
    byte[] line = ("x" + "\u00fc".repeat(LogReader.PIECE)).getBytes(UTF_8);
    byte[] head = (DETAILS + "t1 ").getBytes(UTF_8);
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    frame(wire, 1, joined(head, line, 0, LogReader.PIECE));
    frame(wire, 1, DETAILS + "t2 between\n");
    frame(wire, 1, joined(head, line, LogReader.PIECE, 2 * LogReader.PIECE));
    frame(wire, 1, joined(head, line, 2 * LogReader.PIECE, line.length));

    // When
    read(wire.toByteArray(), false, false);

    // Then
    assertThat(lines)
        .containsExactly(
            new LogLine(Source.STDOUT, "", "t2", "n1", "between"),
            new LogLine(Source.STDOUT, "", "t1", "n1", new String(line, UTF_8)));
  }

  @Test
  void theLogOfATerminalIsPlainLines() throws IOException {
    // Given
    byte[] body = (DETAILS + "t1 out\r\n" + DETAILS + "t1 more\r\n").getBytes(UTF_8);

    // When
    read(body, true, false);

    // Then
    assertThat(lines).extracting(LogLine::text).containsExactly("out", "more");
    assertThat(lines).extracting(LogLine::taskId).containsOnly("t1");
  }

  @Test
  void whatTheEngineSaysItselfIsMarkedAsSuch() throws IOException {
    // Given
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    frame(wire, 3, "Error grabbing logs: task t1 has not been scheduled\n");

    // When
    read(wire.toByteArray(), false, true);

    // Then
    assertThat(lines)
        .containsExactly(
            new LogLine(
                Source.ENGINE, "", "", "", "Error grabbing logs: task t1 has not been scheduled"));
  }

  @Test
  void aBodyThatIsNotInFramesIsAnErrorAndNotAHugeLine() {
    byte[] plain = (DETAILS + "t1 out\r\n").getBytes(UTF_8);

    assertThatThrownBy(() -> read(plain, false, false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not in frames");
  }

  @Test
  void aFrameThatIsCutOffIsAnError() throws IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    frame(wire, 1, DETAILS + "t1 out\n");
    byte[] whole = wire.toByteArray();
    byte[] cut = Arrays.copyOf(whole, whole.length - 2);

    assertThatThrownBy(() -> read(cut, false, false)).isInstanceOf(EOFException.class);
  }

  @Test
  void whatIsAskedForIsInTheQuery() {
    // Given
    engine.on("/v1.41/services/a b/logs", exchange -> exchange.sendResponseHeaders(200, -1));
    LogOptions options = new LogOptions(true, 7, Instant.ofEpochSecond(100, 5), true);
    try (EngineClient client = engine.client();
        LogStream logs = client.serviceLogs("a b", false, options)) {

      // When
      logs.forEach(lines::add);

      // Then
      assertThat(engine.seen.getLast().uri())
          .isEqualTo(
              "/v1.41/services/a%20b/logs?stdout=true&stderr=true&details=true&follow=true"
                  + "&timestamps=true&tail=7&since=100.000000005");
      assertThat(lines).isEmpty();
    }
  }

  @Test
  void aRefusalHasTheEnginesWords() {
    // Given
    engine.on("/v1.41/services/web/logs", 501, "{\"message\":\"no reader for this driver\"}");
    try (EngineClient client = engine.client();
        LogStream logs = client.serviceLogs("web", false, ALL)) {

      // When
      EngineException e =
          catchThrowableOfType(EngineException.class, () -> logs.forEach(lines::add));

      // Then
      assertThat(e.reason()).isEqualTo("no reader for this driver");
    }
  }

  @Test
  void aLogThatIsFollowedArrivesLineByLineUntilItIsClosed() throws Exception {
    // Given a log that says one thing and stays open
    engine.on("/v1.41/services/web/logs", this::sayAndHang);
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    CountDownLatch ended = new CountDownLatch(1);
    try (EngineClient client = engine.client()) {
      LogStream logs = client.serviceLogs("web", false, ALL);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  logs.forEach(lines::add);
                } catch (RuntimeException e) {
                  failures.add(e);
                } finally {
                  ended.countDown();
                }
              });
      await().until(() -> !lines.isEmpty());

      // When
      logs.close();

      // Then
      assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(failures).isEmpty();
      assertThat(lines).extracting(LogLine::text).containsExactly("hello");
    }
  }

  @Test
  void anEngineThatStallsEndsALogThatStaysOpen() {
    // Given an Engine that sends one line, and then answers nothing any more
    engine.on(
        "/v1.41/services/web/logs",
        exchange -> {
          engine.on("/_ping", ping -> engine.hang());
          sayAndHang(exchange);
        });
    try (EngineClient client = engine.client(Duration.ofSeconds(2));
        LogStream logs =
            new LogStream(client, "/services/web/logs", false, ALL, Duration.ofMillis(50))) {

      // When
      EngineException e =
          catchThrowableOfType(EngineException.class, () -> logs.forEach(lines::add));

      // Then
      assertThat(e).hasMessageContaining("stalled");
      assertThat(lines).extracting(LogLine::text).containsExactly("hello");
    }
  }

  private void sayAndHang(HttpExchange exchange) throws IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    frame(wire, 1, DETAILS + "t1 hello\n");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(wire.toByteArray());
    exchange.getResponseBody().flush();
    engine.hang();
  }

  private void read(byte[] body, boolean tty, boolean timestamps) throws IOException {
    LogReader.read(new ByteArrayInputStream(body), tty, timestamps, lines::add);
  }

  private static byte[] joined(byte[] head, byte[] line, int from, int to) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.writeBytes(head);
    joined.write(line, from, to - from);
    return joined.toByteArray();
  }

  private static void frame(ByteArrayOutputStream wire, int stream, String text)
      throws IOException {
    frame(wire, stream, text.getBytes(UTF_8));
  }

  private static void frame(ByteArrayOutputStream wire, int stream, byte[] message)
      throws IOException {
    DataOutputStream out = new DataOutputStream(wire);
    out.writeByte(stream);
    out.write(new byte[3]);
    out.writeInt(message.length);
    out.write(message);
  }
}
