package dev.skep.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for what a test starts.
 *
 * <p>They lie below 32768, where Linux begins to give ports to outgoing connections by itself
 * (ip_local_port_range): a port of that range that is free now may be the local end of somebody's
 * connection by the time that a process has come up and listens.
 */
public final class Ports {
  private static final int FIRST = 20_000;

  /** From here on Swarm gives ports to services that publish any. */
  private static final int END = 30_000;

  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /**
   * A TCP port that nothing listens on, on any address, and that this process has not been given
   * before. Drawn at random, so that tests that run beside each other do not draw the same.
   */
  public static int free() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (GIVEN.add(port) && listensNothing(port)) {
        return port;
      }
    }
  }

  private static boolean listensNothing(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // Without it a port in TIME_WAIT looks taken; a listener is still noticed.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
