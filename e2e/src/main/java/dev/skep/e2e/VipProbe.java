package dev.skep.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Asks one address for one host over HTTPS, a new connection each time, as new visitors would. Over
 * plain sockets: an HTTP client would try again by itself, and hide what this is to find.
 */
final class VipProbe implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(VipProbe.class.getName());
  private static final int PAUSE_MS = 25;

  /** An answer: its status, its body, and the certificate that was shown. */
  record Answer(int status, String body, X509Certificate certificate) {}

  /** One try. */
  record Try(Instant began, Duration took, String failure) {
    @Override
    public String toString() {
      return began + " after " + took.toMillis() + " ms: " + failure;
    }

    boolean ok() {
      return failure.isEmpty();
    }
  }

  private final String address;
  private final String host;
  private final SSLContext trust;
  private final Duration patience;
  private final List<Try> tries = new ArrayList<>();
  private final Thread loop;
  private final Instant started = Instant.now();
  private volatile boolean stopped;

  /**
   * Starts asking.
   *
   * @param patience how long an answer may take
   */
  VipProbe(String address, String host, SSLContext trust, Duration patience) {
    this.address = address;
    this.host = host;
    this.trust = trust;
    this.patience = patience;
    this.loop = Thread.ofPlatform().name("vip-probe").start(this::run);
  }

  /**
   * Asks once.
   *
   * @throws IOException if nobody answers, or with a certificate that is not trusted for the host
   */
  static Answer ask(String address, String host, SSLContext trust, Duration patience)
      throws IOException {
    try (Socket plain = new Socket()) {
      plain.setSoTimeout((int) patience.toMillis());
      plain.connect(new InetSocketAddress(address, 443), (int) patience.toMillis());
      try (SSLSocket tls =
          (SSLSocket) trust.getSocketFactory().createSocket(plain, host, 443, true)) {
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setServerNames(List.of(new SNIHostName(host)));
        tls.setSSLParameters(parameters);
        tls.getOutputStream()
            .write(
                "GET / HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n"
                    .formatted(host)
                    .getBytes(StandardCharsets.US_ASCII));
        return answer(tls);
      }
    }
  }

  private static Answer answer(SSLSocket tls) throws IOException {
    try (InputStream in = tls.getInputStream()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String[] first = text.split(" ", 3);
      if (first.length < 3) {
        throw new IOException("closed without an answer");
      }
      int body = text.indexOf("\r\n\r\n");
      return new Answer(
          Integer.parseInt(first[1]),
          body < 0 ? "" : text.substring(body + 4),
          (X509Certificate) tls.getSession().getPeerCertificates()[0]);
    }
  }

  private void run() {
    while (!stopped) {
      Instant began = Instant.now();
      String failure = "";
      try {
        Answer answer = ask(address, host, trust, patience);
        if (answer.status() != 200) {
          failure = "status " + answer.status();
        }
      } catch (IOException | RuntimeException e) {
        // Whatever it was: a probe that ended unseen would find no more failures.
        failure = e.toString();
      }
      synchronized (tries) {
        tries.add(new Try(began, Duration.between(began, Instant.now()), failure));
      }
      try {
        Thread.sleep(PAUSE_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Every try that failed since {@code from}. */
  List<Try> failures(Instant from) {
    synchronized (tries) {
      return tries.stream().filter(t -> !t.ok() && !t.began().isBefore(from)).toList();
    }
  }

  /** How many tries there were since {@code from}. */
  long count(Instant from) {
    synchronized (tries) {
      return tries.stream().filter(t -> !t.began().isBefore(from)).count();
    }
  }

  /** The longest time since {@code from} between two good answers. */
  Duration longestGap(Instant from) {
    synchronized (tries) {
      Duration longest = Duration.ZERO;
      Instant last = from;
      for (Try t : tries) {
        if (t.ok() && !t.began().isBefore(from)) {
          Duration gap = Duration.between(last, t.began().plus(t.took()));
          longest = gap.compareTo(longest) > 0 ? gap : longest;
          last = t.began().plus(t.took());
        }
      }
      Duration open = Duration.between(last, Instant.now());
      return open.compareTo(longest) > 0 ? open : longest;
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      loop.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.log(
        System.Logger.Level.INFO,
        () ->
            "%d tries, %d failed, longest gap %d ms"
                .formatted(
                    count(started), failures(started).size(), longestGap(started).toMillis()));
  }
}
