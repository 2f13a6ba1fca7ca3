package dev.skep.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;

/**
 * A real Pebble, the ACME CA for tests, with its own name server, in which every name leads to
 * 127.0.0.1. Everything listens on loopback, on free ports; the TLS certificate of the directory is
 * made on the fly. Needs the commands {@code pebble} and {@code pebble-challtestsrv}, which
 * Debian's package {@code pebble} holds.
 */
public final class Pebble implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(15);
  private static final String PASSWORD = "changeit";

  private final Path dir;
  private final int httpPort;
  private final Map<String, String> environment;
  private final int directoryPort = Ports.free();
  private final int managementPort = Ports.free();
  private final int dnsPort = Ports.free();
  private final int dnsManagementPort = Ports.free();
  private final SSLContext trust;
  private final List<Process> processes = new ArrayList<>();

  /** Collects a Pebble's settings. */
  public static final class Builder {
    private final Path dir;
    private final Map<String, String> environment = new TreeMap<>(Map.of("PEBBLE_VA_NOSLEEP", "1"));
    private int httpPort;

    private Builder(Path dir) {
      this.dir = dir;
    }

    /** The port on 127.0.0.1 at which http-01 is verified; by default a free one. */
    public Builder httpPort(int port) {
      httpPort = port;
      return this;
    }

    /** Sets one of Pebble's variables, such as {@code PEBBLE_WFE_NONCEREJECT}. */
    public Builder with(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Starts it; returns when the directory answers. */
    public Pebble start() {
      Pebble pebble = new Pebble(this);
      pebble.launch();
      return pebble;
    }
  }

  private Pebble(Builder builder) {
    dir = builder.dir;
    httpPort = builder.httpPort == 0 ? Ports.free() : builder.httpPort;
    environment = Map.copyOf(builder.environment);
    try {
      Files.createDirectories(dir);
      trust = makeTlsCertificate();
      Files.writeString(dir.resolve("config.json"), config());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A Pebble in the making.
   *
   * @param dir for its files: its log, {@link #caFile}
   */
  public static Builder in(Path dir) {
    return new Builder(dir);
  }

  /** The ACME directory. */
  public URI directoryUrl() {
    return URI.create("https://localhost:" + directoryPort + "/dir");
  }

  /** PEM: what a client must trust to talk to the directory. Not the root of what is issued. */
  public Path caFile() {
    return dir.resolve("pebble-tls.pem");
  }

  /** Key store (PKCS#12) with the key of {@link #caFile}, for a proxy in front of Pebble. */
  public Path tlsKeyStore() {
    return dir.resolve("pebble-tls.p12");
  }

  /** That key store's password. */
  public String tlsKeyStorePassword() {
    return PASSWORD;
  }

  /** Where on 127.0.0.1 http-01 is verified: an edge, or a responder, must listen there. */
  public int httpPort() {
    return httpPort;
  }

  /** The root of what is issued, in PEM. Another one after each start. */
  public String rootPem() {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
      return get(client, "https://localhost:" + managementPort + "/roots/0").body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many orders were made since the first start. */
  public int orders() {
    return logged("Added order ");
  }

  /** How often an account was asked for since the first start: registered, or found. */
  public int accountRequests() {
    return logged("POST /sign-me-up ");
  }

  /** How many lines of Pebble's log hold {@code text}. */
  public int logged(String text) {
    try (var lines = Files.lines(dir.resolve("pebble.log"), StandardCharsets.UTF_8)) {
      return (int) lines.filter(line -> line.contains(text)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends Pebble and starts it again at the same address: it forgets accounts and orders. */
  public void restart() {
    stop();
    launch();
  }

  /** Ends the processes. */
  @Override
  public void close() {
    stop();
  }

  private void launch() {
    try {
      run(
          "challtestsrv.log",
          "pebble-challtestsrv",
          "-dns01=127.0.0.1:" + dnsPort,
          "-management=127.0.0.1:" + dnsManagementPort,
          "-http01=",
          "-https01=",
          "-tlsalpn01=",
          "-defaultIPv4=127.0.0.1",
          "-defaultIPv6=");
      run(
          "pebble.log",
          "pebble",
          "-config=" + dir.resolve("config.json"),
          "-dnsserver=127.0.0.1:" + dnsPort);
      try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
        Awaitility.await("Pebble's directory")
            .atMost(START)
            .ignoreExceptions()
            .until(() -> get(client, directoryUrl().toString()).statusCode() == 200);
      }
    } catch (IOException | RuntimeException e) {
      stop();
      throw new IllegalStateException("Pebble did not start; its log: " + tail(), e);
    }
  }

  private void run(String log, String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve(log).toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    processes.add(process);
    // A test that is killed must not leave it behind.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  private void stop() {
    for (Process process : processes) {
      process.destroy();
      try {
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    processes.clear();
  }

  private String config() {
    return """
    {"pebble": {
      "listenAddress": "127.0.0.1:%d",
      "managementListenAddress": "127.0.0.1:%d",
      "certificate": "%s",
      "privateKey": "%s",
      "httpPort": %d,
      "tlsPort": %d,
      "ocspResponderURL": "",
      "externalAccountBindingRequired": false
    }}
    """
        .formatted(
            directoryPort,
            managementPort,
            caFile(),
            dir.resolve("pebble-tls.key"),
            httpPort,
            Ports.free());
  }

  /** The JDK's own tool makes the certificate: no library is needed for one self-signed leaf. */
  private SSLContext makeTlsCertificate() throws IOException {
    Path store = tlsKeyStore();
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "pebble",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-ext",
                "bc:c",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("keytool.log").toFile())
            .start();
    try {
      if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException(
            "keytool failed: " + Files.readString(dir.resolve("keytool.log")).strip());
      }
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      byte[] certificate = keys.getCertificate("pebble").getEncoded();
      byte[] key = keys.getKey("pebble", PASSWORD.toCharArray()).getEncoded();
      Files.writeString(caFile(), pem("CERTIFICATE", certificate));
      Files.writeString(dir.resolve("pebble-tls.key"), pem("PRIVATE KEY", key));
      return trusting(certificate);
    } catch (GeneralSecurityException e) {
      throw new IOException("the key store of keytool cannot be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      keytool.destroyForcibly();
    }
  }

  private static SSLContext trusting(byte[] der) throws GeneralSecurityException, IOException {
    Certificate certificate =
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("pebble", certificate);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static String pem(String label, byte[] der) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  private static HttpResponse<String> get(HttpClient client, String url) throws IOException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private String tail() {
    try {
      String log = Files.readString(dir.resolve("pebble.log"));
      return Pattern.compile("\\n").splitAsStream(log).limit(40).toList().toString();
    } catch (IOException e) {
      return "none (" + e.getMessage() + ")";
    }
  }
}
