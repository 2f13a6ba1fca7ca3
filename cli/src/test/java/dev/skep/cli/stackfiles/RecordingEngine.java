package dev.skep.cli.stackfiles;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A relay before the real Engine that remembers what reached it, and that can be cut, so that other
 * users of the Engine are not disturbed.
 */
public final class RecordingEngine implements AutoCloseable {
  private static final UnixDomainSocketAddress ENGINE =
      UnixDomainSocketAddress.of("/var/run/docker.sock");

  private final Path socket;
  private final List<ByteArrayOutputStream> received = new CopyOnWriteArrayList<>();
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final ServerSocketChannel listener;

  /** Listens at once. */
  public RecordingEngine(Path socket) {
    this.socket = socket;
    try {
      listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(socket));
      // The proxy is root, but may not pass over what the file says.
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public Path socket() {
    return socket;
  }

  /** The request lines that reached the Engine since the last {@link #forget}, in order. */
  public List<String> requests() {
    return received.stream()
        .flatMap(bytes -> bytes.toString(StandardCharsets.ISO_8859_1).lines())
        .filter(line -> line.matches(".* HTTP/1\\.[01]"))
        .toList();
  }

  /** All bytes that reached it. */
  String everything() {
    return received.stream()
        .map(bytes -> bytes.toString(StandardCharsets.ISO_8859_1))
        .reduce("", String::concat);
  }

  public void forget() {
    received.clear();
  }

  /** The Engine is gone, and its connections with it. */
  public void cut() {
    try {
      listener.close();
      for (SocketChannel channel : open) {
        channel.close();
      }
      open.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel client = listener.accept();
        SocketChannel engine = SocketChannel.open(ENGINE);
        open.add(client);
        open.add(engine);
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        received.add(record);
        Thread.ofVirtual().start(() -> pump(client, engine, record));
        Thread.ofVirtual().start(() -> pump(engine, client, null));
      } catch (IOException e) {
        if (listener.isOpen()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void pump(SocketChannel from, SocketChannel to, ByteArrayOutputStream record) {
    ByteBuffer buffer = ByteBuffer.allocate(65_536);
    try (from;
        to) {
      while (from.read(buffer) >= 0) {
        if (record != null) {
          record.write(buffer.array(), 0, buffer.position());
        }
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
  public void close() {
    cut();
  }
}
