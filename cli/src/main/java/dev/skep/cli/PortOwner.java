package dev.skep.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out whether a TCP port is taken, and by whom, from /proc as ss(8) does. */
public final class PortOwner {
  private static final String LISTEN = "0A";

  private PortOwner() {}

  /** Whether nothing listens on the port of {@code address}; null stands for every address. */
  public static boolean free(InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // Without it a port in TIME_WAIT looks taken; a listener is still noticed.
      socket.setReuseAddress(true);
      socket.bind(
          address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Who listens on a port, as {@code name (pid N)}; empty if that cannot be seen from here, such as
   * another user's process.
   */
  public static Optional<String> of(int port) {
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      try {
        for (String line : Files.readAllLines(Path.of(table))) {
          listeningInode(line, port).ifPresent(inode -> sockets.add("socket:[" + inode + "]"));
        }
      } catch (IOException e) {
        // No such table: a kernel without IPv6. The other one decides.
      }
    }
    return sockets.isEmpty() ? Optional.empty() : owner(sockets);
  }

  /** The socket inode of a listening line of /proc/net/tcp on {@code port}. */
  static Optional<String> listeningInode(String line, int port) {
    String[] f = line.strip().split("\\s+", -1);
    if (f.length < 10 || !f[3].equals(LISTEN)) {
      return Optional.empty();
    }
    String local = f[1].substring(f[1].lastIndexOf(':') + 1);
    return Integer.parseInt(local, 16) == port ? Optional.of(f[9]) : Optional.empty();
  }

  private static Optional<String> owner(Set<String> sockets) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, sockets)) {
          String name = Files.readString(process.resolve("comm")).strip();
          return Optional.of(name + " (pid " + process.getFileName() + ")");
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // The process ended meanwhile, or is another user's.
      return false;
    }
    return false;
  }
}
