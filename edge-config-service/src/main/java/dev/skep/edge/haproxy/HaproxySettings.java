package dev.skep.edge.haproxy;

import java.time.Duration;
import java.util.Objects;

/**
 * What the operator decides about an HAProxy.
 *
 * @param dir the shared directory as HAProxy sees it, absolute
 * @param bindAddress where it listens; empty: everywhere
 * @param httpPort that it binds for plain HTTP
 * @param httpsPort that it binds for TLS
 * @param publicHttpPort the port that clients use for plain HTTP
 * @param publicHttpsPort the port that clients use for TLS: redirects lead there
 * @param hardStopAfter how long an old worker may finish its connections after a reload
 */
public record HaproxySettings(
    String dir,
    String bindAddress,
    int httpPort,
    int httpsPort,
    int publicHttpPort,
    int publicHttpsPort,
    Duration hardStopAfter) {

  public HaproxySettings {
    Objects.requireNonNull(dir, "dir");
    Objects.requireNonNull(bindAddress, "bindAddress");
    if (!dir.startsWith("/")) {
      throw new IllegalArgumentException(
          "the edge directory must be an absolute path, not '" + dir + "'");
    }
  }

  /** Ports 80 and 443 on all addresses. */
  public static HaproxySettings of(String dir) {
    return new HaproxySettings(dir, "", 80, 443, 80, 443, Duration.ofSeconds(60));
  }

  /** These, for the same files in another directory. */
  public HaproxySettings in(String other) {
    return new HaproxySettings(
        other, bindAddress, httpPort, httpsPort, publicHttpPort, publicHttpsPort, hardStopAfter);
  }
}
