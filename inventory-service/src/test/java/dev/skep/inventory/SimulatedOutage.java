package dev.skep.inventory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A simulation of an Engine that goes away and comes back: a TCP proxy before the real one, as
 * stopping that would stop everybody's.
 */
final class SimulatedOutage implements AutoCloseable {
  private final UnixDomainSocketAddress engine;
  private final int port;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private ServerSocketChannel server;

  SimulatedOutage(String socket) {
    engine = UnixDomainSocketAddress.of(socket);
    port = listen(0);
  }

  URI host() {
    return URI.create("tcp://127.0.0.1:" + port);
  }

  /** The Engine is gone: connections break, and new ones are refused. */
  void begin() {
    try {
      server.close();
      for (SocketChannel channel : open) {
        channel.close();
      }
      open.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Engine is back. */
  void end() {
    listen(port);
  }

  private int listen(int at) {
    try {
      ServerSocketChannel listening = ServerSocketChannel.open();
      listening.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), at));
      server = listening;
      Thread.ofVirtual().start(() -> accept(listening));
      return listening.socket().getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocketChannel listening) {
    try {
      while (true) {
        SocketChannel client = listening.accept();
        SocketChannel real = SocketChannel.open(StandardProtocolFamily.UNIX);
        real.connect(engine);
        open.add(client);
        open.add(real);
        Thread.ofVirtual().start(() -> pump(client, real));
        Thread.ofVirtual().start(() -> pump(real, client));
      }
    } catch (IOException e) {
      // The outage has begun, or the test is over.
    }
  }

  private void pump(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
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
      // Either side is gone; so is the other now.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  @Override
  public void close() {
    begin();
  }
}
