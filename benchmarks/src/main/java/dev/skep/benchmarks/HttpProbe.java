package dev.skep.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One request on one fresh connection, so that no earlier choice of a server sticks. */
final class HttpProbe {
  private static final int TIMEOUT_MILLIS = 2000;

  private final int port;

  HttpProbe(int port) {
    this.port = port;
  }

  /** The answer's status and the host name that the demo application puts into its body. */
  record Answer(int status, String body) {}

  Answer get(String host) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String status = in.readLine();
      if (status == null) {
        throw new IOException("no answer");
      }
      StringBuilder rest = new StringBuilder();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        rest.append(line).append('\n');
      }
      return new Answer(Integer.parseInt(status.split(" ", 3)[1]), rest.toString());
    }
  }
}
