package dev.skep.cli.e2e;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * GET requests without end, one after the other in each loop, until it is stopped. Over plain
 * sockets: an HTTP client would try again by itself, and hide what this is to find.
 */
final class Load {
  private static final int PATIENCE_MS = 10_000;
  private static final int PAUSE_MS = 5;

  /** Enough to see what happens; a broken edge must not fill the memory. */
  private static final int KEPT = 50;

  /**
   * What came of it.
   *
   * @param failed how many were not answered with 200
   * @param failures the first of them, with their time
   */
  record Report(long requests, long failed, List<String> failures) {}

  private record Target(String host, int port, SSLSocketFactory tls, boolean keepAlive) {}

  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final List<Thread> loops = new ArrayList<>();
  private final SSLSocketFactory tls;
  private volatile boolean stopped;

  /**
   * No load yet.
   *
   * @param ca what the edge's certificates are checked against
   */
  Load(Path ca) throws IOException, GeneralSecurityException {
    tls = context(ca).getSocketFactory();
  }

  /** Starts {@code count} loops over HTTPS, with a new connection each time or with one kept. */
  Load https(String host, int port, boolean keepAlive, int count) {
    return loops(new Target(host, port, tls, keepAlive), count);
  }

  /** Starts {@code count} loops over HTTP. */
  Load http(String host, int port, boolean keepAlive, int count) {
    return loops(new Target(host, port, null, keepAlive), count);
  }

  /** How many were answered or failed until now. */
  long requests() {
    return requests.get();
  }

  /** Stops when the requests under way are answered. */
  Report stop() throws InterruptedException {
    stopped = true;
    for (Thread loop : loops) {
      loop.join();
    }
    return new Report(requests.get(), failed.get(), List.copyOf(failures));
  }

  private Load loops(Target target, int count) {
    for (int i = 0; i < count; i++) {
      loops.add(Thread.ofPlatform().name("load-" + loops.size()).start(() -> loop(target)));
    }
    return this;
  }

  private void loop(Target target) {
    Connection connection = null;
    while (!stopped) {
      Instant began = Instant.now();
      try {
        if (connection == null) {
          connection = new Connection(target);
        }
        int status = connection.get();
        if (status != 200) {
          failed(target, began, "status " + status);
        }
        if (!connection.reusable) {
          connection.close();
          connection = null;
        }
        Thread.sleep(PAUSE_MS);
      } catch (IOException e) {
        failed(target, began, e.toString());
        if (connection != null) {
          connection.close();
          connection = null;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        requests.incrementAndGet();
      }
    }
    if (connection != null) {
      connection.close();
    }
  }

  private void failed(Target target, Instant began, String what) {
    failed.incrementAndGet();
    if (failures.size() < KEPT) {
      failures.add(
          "%s after %d ms: %s %s, %s"
              .formatted(
                  began,
                  Duration.between(began, Instant.now()).toMillis(),
                  target.tls() == null ? "http" : "https",
                  target.keepAlive() ? "kept" : "new",
                  what));
    }
  }

  private static SSLContext context(Path ca) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(ca)) {
      int i = 0;
      for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca" + i++, c);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static final class Connection {
    private final Target target;
    private final Socket socket;
    private final InputStream in;
    private boolean reusable;

    Connection(Target target) throws IOException {
      this.target = target;
      Socket plain = new Socket();
      try {
        plain.setSoTimeout(PATIENCE_MS);
        plain.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()), PATIENCE_MS);
        socket =
            target.tls() == null
                ? plain
                : target.tls().createSocket(plain, target.host(), target.port(), true);
        in = new BufferedInputStream(socket.getInputStream());
      } catch (IOException e) {
        plain.close();
        throw e;
      }
    }

    int get() throws IOException {
      String request =
          "GET /load HTTP/1.1\r\nHost: %s:%d\r\nConnection: %s\r\n\r\n"
              .formatted(target.host(), target.port(), target.keepAlive() ? "keep-alive" : "close");
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String first = line();
      reusable = target.keepAlive();
      int length = -1;
      for (String line = line(); !line.isEmpty(); line = line()) {
        String header = line.toLowerCase(Locale.ROOT);
        if (header.startsWith("content-length:")) {
          length = Integer.parseInt(header.substring("content-length:".length()).strip());
        } else if (header.startsWith("connection:") && header.contains("close")) {
          reusable = false;
        }
      }
      if (length < 0) {
        throw new IOException("no length: " + first);
      }
      if (in.readNBytes(length).length < length) {
        throw new EOFException("cut off after: " + first);
      }
      return Integer.parseInt(first.split(" ", 3)[1]);
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("closed without an answer");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        // The answer was read; how the connection ends is of no interest.
      }
    }
  }
}
