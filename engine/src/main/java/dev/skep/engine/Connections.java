package dev.skep.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.SSLConfig;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends out transports of one connection each. A call under way can be broken off only by closing
 * its transport: interruption makes the transport retry over a native socket, whose reads block a
 * carrier thread and cannot be ended; and a transport shared by all calls would take the others
 * with it.
 */
final class Connections implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Connections.class);

  /** Idle connections beyond this are closed: as many calls seldom run at once. */
  private static final int MAX_IDLE = 8;

  /**
   * For sockets, on which nobody speaks TLS. Without it the transport reads and parses the Java
   * runtime's 150 certificate authorities, which takes longer than all of a short command's calls.
   */
  private static final SSLConfig NO_TLS = new NoTls(trustingNobody());

  private record NoTls(SSLContext context) implements SSLConfig {
    @Override
    public SSLContext getSSLContext() {
      return context;
    }
  }

  private final EngineConfig config;
  private final ConcurrentLinkedDeque<DockerHttpClient> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  Connections(EngineConfig config) {
    this.config = config;
  }

  /** A transport for the caller alone, who gives it back or discards it. */
  DockerHttpClient lease() {
    if (closed) {
      throw new EngineException(0, "call", "this Engine client is closed", null);
    }
    DockerHttpClient used = idle.pollFirst();
    return used == null ? create() : used;
  }

  /** Takes back a transport whose last answer was read to its end. */
  void giveBack(DockerHttpClient http) {
    if (closed || idle.size() >= MAX_IDLE) {
      discard(http);
    } else {
      idle.addFirst(http);
    }
  }

  /** Closes a transport; a call under way fails. */
  void discard(DockerHttpClient http) {
    try {
      http.close();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("Connection to the Engine not closed cleanly");
    }
  }

  /** Closes what is idle: after a failure the rest is likely to be stale too. */
  void discardIdle() {
    for (DockerHttpClient http = idle.pollFirst(); http != null; http = idle.pollFirst()) {
      discard(http);
    }
  }

  private DockerHttpClient create() {
    // No response timeout here: it would end quiet event streams. The callers limit their calls.
    return new ZerodepDockerHttpClient.Builder()
        .dockerHost(config.host())
        .sslConfig("unix".equals(config.host().getScheme()) ? NO_TLS : null)
        .maxConnections(1)
        .connectionTimeout(config.timeout())
        .build();
  }

  private static SSLContext trustingNobody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[0], new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no TLS", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    discardIdle();
  }
}
