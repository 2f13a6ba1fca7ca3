package dev.skep.cli.stackfiles;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes to a socket and back: no library puts in order what is meant to be crooked. */
final class RawHttp {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private RawHttp() {}

  /** All that came back on one connection. */
  record Answer(String text) {
    private static final Pattern STATUS =
        Pattern.compile("^HTTP/1\\.[01] ([0-9]{3}) ", Pattern.MULTILINE);
    private static final Pattern LENGTH =
        Pattern.compile("^content-length: ([0-9]+)\r$", Pattern.MULTILINE);

    /** The statuses of the answers, in order: several if there were several requests. */
    List<Integer> statuses() {
      return STATUS.matcher(text).results().map(m -> Integer.parseInt(m.group(1))).toList();
    }

    /** The first answer's body. */
    String body() {
      int begin = text.indexOf("\r\n\r\n") + 4;
      Matcher length = LENGTH.matcher(text);
      return length.find()
          ? text.substring(
              begin, Math.min(text.length(), begin + Integer.parseInt(length.group(1))))
          : text.substring(begin);
    }
  }

  /** A usual request without a body, on a connection of its own. */
  static Answer send(SocketAddress to, String method, String target) {
    return exchange(
        to,
        "%s %s HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n".formatted(method, target));
  }

  /** Sends these bytes, closes the sending side when something came back, and reads to the end. */
  static Answer exchange(SocketAddress to, String bytes) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    try (SocketChannel channel = SocketChannel.open(to)) {
      write(channel, bytes);
      Thread.ofVirtual().start(() -> readTo(channel, answer));
      return new Answer(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TimeoutException e) {
      throw new AssertionError("no end of the answer to " + bytes, e);
    } catch (ExecutionException e) {
      throw new AssertionError("no answer to " + bytes, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  static void write(SocketChannel channel, String bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static void readTo(SocketChannel channel, CompletableFuture<String> answer) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(65_536);
    try {
      while (channel.read(buffer) >= 0) {
        all.write(buffer.array(), 0, buffer.position());
        buffer.clear();
        channel.shutdownOutput();
      }
      answer.complete(all.toString(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      answer.completeExceptionally(e);
    }
  }
}
