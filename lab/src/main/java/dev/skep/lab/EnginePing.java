package dev.skep.lab;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Whether an Engine serves its API; much quicker to find out than by running the docker command.
 */
final class EnginePing {
  /** A paused Engine takes connections, and never answers. */
  private static final long PATIENCE_MILLIS = 2000;

  private static final byte[] REQUEST =
      "GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private EnginePing() {}

  static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(ByteBuffer.wrap(REQUEST));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      ByteBuffer status = ByteBuffer.allocate(12);
      while (status.hasRemaining() && selector.select(PATIENCE_MILLIS) > 0) {
        selector.selectedKeys().clear();
        if (channel.read(status) < 0) {
          break;
        }
      }
      return new String(status.array(), StandardCharsets.US_ASCII).endsWith(" 200");
    } catch (IOException e) {
      return false;
    }
  }
}
