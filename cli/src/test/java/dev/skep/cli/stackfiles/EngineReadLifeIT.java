package dev.skep.cli.stackfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that last, clients that dawdle, and ends that nobody announced. */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage(EngineProxy.IMAGE)
class EngineReadLifeIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path dir;

  @Test
  void aStreamOfEventsOutlivesEveryTimeoutAndPassesOnOneEventAtOnce() throws Exception {
    String volume = "skep-engine-proxy-it-" + ProcessHandle.current().pid();
    try (EngineProxy proxy = EngineProxy.read(dir, shortTimeouts());
        SocketChannel events = SocketChannel.open(proxy.manager())) {
      // Given a stream on which nothing happens while idle connections of others are ended thrice
      RawHttp.write(
          events,
          "GET /events?filters=%7B%22volume%22%3A%5B%22"
              + volume
              + "%22%5D%7D HTTP/1.1\r\nHost: engine\r\n\r\n");
      AtomicReference<String> seen = follow(events);
      await().atMost(SOON).until(() -> seen.get().contains("200 OK"));
      for (int i = 0; i < 3; i++) {
        awaitTheEndOfADawdler(proxy.manager());
      }
      assertThat(seen.get()).doesNotContain(volume);

      // When one thing happens, and nothing after it
      Docker.docker("volume", "create", volume);

      // Then
      try {
        await().atMost(SOON).until(() -> seen.get().contains("\"create\""));
        assertThat(seen.get()).contains(volume).doesNotContain("(end)");
      } finally {
        Docker.docker("volume", "rm", volume);
      }
    }
  }

  @Test
  void afterACrashTheOldSocketIsReplaced() {
    try (EngineProxy proxy = EngineProxy.read(dir, EngineProxy.file("engine-read.cfg"))) {
      proxy.crash();

      assertThat(RawHttp.send(proxy.node(), "GET", "/_ping").statuses()).containsExactly(200);
      assertThat(RawHttp.send(proxy.manager(), "GET", "/_ping").statuses()).containsExactly(200);
    }
  }

  @Test
  void whereTheEngineIsGoneTheOutcomeIsUnknownAsWithoutTheProxy() {
    try (EngineProxy proxy = EngineProxy.read(dir, EngineProxy.file("engine-read.cfg"));
        EngineClient client = EngineProxy.client(proxy.node())) {
      client.ping();
      proxy.engine.cut();

      EngineException e = catchThrowableOfType(EngineException.class, client::ping);

      assertThat(e.isUnreachable()).as(e.getMessage()).isTrue();
      await()
          .untilAsserted(
              () -> assertThat(proxy.log()).contains("engine_node status=503 GET \"/_ping\""));
    }
  }

  /** The stack's file, with every timeout that is not meant for streams at a third of a second. */
  private Path shortTimeouts() throws IOException {
    String text = Files.readString(EngineProxy.file("engine-read.cfg"));
    String shorter =
        text.replaceAll("timeout (client|server|http-request|connect) [0-9]+s", "timeout $1 300ms");
    assertThat(shorter).isNotEqualTo(text).contains("timeout server 24d");
    return Files.writeString(dir.resolve("engine-read.short-timeouts.cfg"), shorter);
  }

  /** A connection that never finishes its request is ended by the proxy. */
  private static void awaitTheEndOfADawdler(SocketAddress socket) throws IOException {
    try (SocketChannel dawdler = SocketChannel.open(socket)) {
      RawHttp.write(dawdler, "GET /version HTTP/1.1\r\nHost: eng");
      AtomicReference<String> seen = follow(dawdler);
      await().atMost(SOON).until(() -> seen.get().endsWith("(end)"));
    }
  }

  private static AtomicReference<String> follow(SocketChannel channel) {
    AtomicReference<String> seen = new AtomicReference<>("");
    Thread.ofVirtual()
        .start(
            () -> {
              ByteBuffer buffer = ByteBuffer.allocate(65_536);
              try {
                while (channel.read(buffer) >= 0) {
                  String text =
                      new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
                  seen.updateAndGet(before -> before + text);
                  buffer.clear();
                }
                seen.updateAndGet(before -> before + "(end)");
              } catch (IOException e) {
                seen.updateAndGet(before -> before + e + "(end)");
              }
            });
    return seen;
  }
}
