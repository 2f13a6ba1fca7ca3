package dev.skep.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A simulation of an Engine that goes away: a relay in front of the real one that can be cut, so
 * that other users of the Engine are not disturbed.
 */
public final class EngineRelay implements AutoCloseable {
  private static final Path ENGINE = Path.of("/var/run/docker.sock");

  private final Path socket;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private ServerSocketChannel listener;

  /**
   * Lets clients through at once.
   *
   * @param socket where to listen; nothing may be there
   */
  public EngineRelay(Path socket) throws IOException {
    this.socket = socket;
    connect();
  }

  /** Where the simulated Engine listens. */
  public String uri() {
    return "unix://" + socket;
  }

  /** Lets clients through. */
  public void connect() throws IOException {
    Files.deleteIfExists(socket);
    listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    ServerSocketChannel mine = listener;
    Thread.ofVirtual().start(() -> accept(mine));
  }

  /** Ends every connection and refuses new ones. */
  public void cut() throws IOException {
    listener.close();
    Files.deleteIfExists(socket);
    for (SocketChannel channel : open) {
      channel.close();
    }
    open.clear();
  }

  private void accept(ServerSocketChannel from) {
    while (from.isOpen()) {
      try {
        SocketChannel client = from.accept();
        SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(ENGINE));
        open.add(client);
        open.add(engine);
        Thread.ofVirtual().start(() -> pump(client, engine));
        Thread.ofVirtual().start(() -> pump(engine, client));
      } catch (IOException e) {
        if (from.isOpen()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void pump(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(16_384);
    try (from;
        to) {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException e) {
      // Either side has gone: both are closed, which is what the other side has to see.
      open.remove(from);
    }
    open.remove(to);
  }

  @Override
  public void close() throws IOException {
    cut();
  }
}
