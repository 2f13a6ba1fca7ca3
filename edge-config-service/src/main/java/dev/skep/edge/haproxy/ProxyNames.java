package dev.skep.edge.haproxy;

import dev.skep.model.edge.Backend;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Names as HAProxy takes them: letters, digits, {@code - _ .}; any other byte becomes a colon and
 * two hex digits, so that two ids never share a name.
 */
public final class ProxyNames {
  private ProxyNames() {}

  /**
   * A backend's proxy. What cannot change in a running backend is part of its name: another scheme
   * is another backend.
   */
  public static String backend(Backend backend) {
    return ("https".equals(backend.scheme()) ? "s_" : "b_") + escape(backend.id());
  }

  /** The proxy of a backend that is not known (yet). */
  static String unknownBackend(String id) {
    return "b_" + escape(id);
  }

  /** Whether servers of the backend with this name are spoken to by TLS. */
  static boolean tls(String backendName) {
    return backendName.startsWith("s_");
  }

  static String server(Backend.Server server) {
    return "t_" + escape(server.id());
  }

  /** A certificate's file name. HAProxy ignores names that start with a dot: none does. */
  public static String certificateFile(String name) {
    return "c_" + escape(name) + ".pem";
  }

  /** Whether a file of this name holds a certificate that routes asked for. */
  public static boolean isCertificateFile(String file) {
    return file.startsWith("c_") && file.endsWith(".pem");
  }

  private static String escape(String id) {
    StringBuilder out = new StringBuilder(id.length());
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain = "-_.".indexOf(c) >= 0 || (c < 128 && Character.isLetterOrDigit(c));
      if (plain) {
        out.append(c);
      } else {
        out.append(':').append(HexFormat.of().toHexDigits(b));
      }
    }
    return out.toString();
  }
}
