package dev.skep.edge.haproxy;

import dev.skep.edge.haproxy.ProxyState.Mode;
import dev.skep.edge.haproxy.ProxyState.Server;

/**
 * A server's settings, the same in the configuration and in {@code add server}, which ignores
 * default-server.
 *
 * <p>A server that drains has weight 0: unlike {@code state drain} the configuration can say it
 * too. TLS to a task is not verified: a task's certificate cannot name its address, which is new
 * each time.
 */
final class ServerLine {
  private static final String CHECK = "check inter 1s fall 3 rise 1";

  private ServerLine() {}

  static String of(String backend, Server server) {
    String tls = ProxyNames.tls(backend) ? " ssl verify none" : "";
    return address(server) + " " + CHECK + " weight " + weight(server) + tls;
  }

  static int weight(Server server) {
    return server.mode() == Mode.READY ? 1 : 0;
  }

  private static String address(Server server) {
    String host = server.address();
    return Token.word(host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + server.port();
  }
}
