package dev.skep.edge.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** One question to a unix socket, and the answer until the other side closes. Blocking. */
final class UnixSocket {
  private final Path path;

  UnixSocket(Path path) {
    this.path = path;
  }

  /**
   * Asks.
   *
   * @throws IOException if nobody listens or the answer does not end in time
   */
  String ask(String question, Duration timeout) throws IOException {
    long end = System.nanoTime() + timeout.toNanos();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.connect(UnixDomainSocketAddress.of(path));
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
      ByteBuffer out = ByteBuffer.wrap(question.getBytes(StandardCharsets.UTF_8));
      while (out.hasRemaining()) {
        await(selector, end);
        channel.write(out);
      }
      // A master's socket stays open for more questions unless it is told that there are none.
      channel.shutdownOutput();
      key.interestOps(SelectionKey.OP_READ);
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      ByteBuffer in = ByteBuffer.allocate(16 * 1024);
      while (true) {
        await(selector, end);
        int n = channel.read(in.clear());
        if (n < 0) {
          return answer.toString(StandardCharsets.UTF_8);
        }
        answer.write(in.array(), 0, n);
      }
    }
  }

  private void await(Selector selector, long end) throws IOException {
    long left = (end - System.nanoTime()) / 1_000_000;
    if (left <= 0 || selector.select(left) == 0) {
      throw new IOException("no answer in time at " + path);
    }
    selector.selectedKeys().clear();
  }
}
