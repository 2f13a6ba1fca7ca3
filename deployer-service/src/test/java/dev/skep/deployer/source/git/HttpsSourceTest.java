package dev.skep.deployer.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.declare.SourcesFile;
import dev.skep.testing.TestCa;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A repository by HTTPS, from a real server in this process that asks for a token. */
class HttpsSourceTest {
  private static final String TOKEN = "hunter2";

  private static final Limits SHORT = new Limits(1 << 20, 1 << 20, 100, Duration.ofMillis(500));

  @TempDir Path dir;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final SSLSocketFactory usual = HttpsURLConnection.getDefaultSSLSocketFactory();
  private HttpsServer server;
  private Path work;
  private String commit;

  @BeforeEach
  void start() throws Exception {
    work = Files.createDirectory(dir.resolve("work"));
    try (TestRepository repository = new TestRepository(dir.resolve("shop.git"))) {
      commit = repository.file("a", "by https").commit("main");
    }
    SSLContext tls = tls(new TestCa(dir.resolve("ca")));
    HttpsURLConnection.setDefaultSSLSocketFactory(tls.getSocketFactory());
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext("/", this::handle);
    server.setExecutor(handlers);
    server.start();
  }

  @AfterEach
  void stop() {
    stopped.countDown();
    server.stop(0);
    handlers.shutdownNow();
    HttpsURLConnection.setDefaultSSLSocketFactory(usual);
  }

  @Test
  void isReadWithTheToken() throws Exception {
    Files.writeString(dir.resolve("token"), TOKEN + "\n");

    try (GitSession session = open("/shop.git")) {
      assertThat(session.tip()).isEqualTo(commit);
      assertThat(
              new String(session.fetch(Clock.systemUTC()).read("a", 100), StandardCharsets.UTF_8))
          .isEqualTo("by https");
    }
  }

  @Test
  void aWrongTokenIsToldAndNotPrinted() throws Exception {
    Files.writeString(dir.resolve("token"), "wrong-token");

    assertThatThrownBy(() -> open("/shop.git"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("whether the token may read it")
        .hasMessageNotContaining("wrong-token");
  }

  @Test
  void aRedirectionIsNotFollowed() throws Exception {
    Files.writeString(dir.resolve("token"), TOKEN);

    assertThatThrownBy(() -> open("/moved.git")).isInstanceOf(SourceException.class);

    assertThat(asked).isNotEmpty().allMatch(path -> path.startsWith("/moved.git"));
  }

  @Test
  void aHostThatTellsItsBranchesByteByByteIsGivenUp() throws Exception {
    Files.writeString(dir.resolve("token"), TOKEN);

    assertThatThrownBy(() -> open("/drips.git", SHORT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("did not tell its newest commit within 500 ms");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void aHostThatBringsTheCommitByteByByteIsGivenUp() throws Exception {
    Files.writeString(dir.resolve("token"), TOKEN);

    try (GitSession session = open("/slow.git", SHORT)) {
      assertThatThrownBy(() -> session.fetch(Clock.systemUTC()))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("did not come within 500 ms");
    }
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void aHostThatAnswersNothingIsGivenUp() throws Exception {
    Files.writeString(dir.resolve("token"), TOKEN);
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      // It takes up the connection, and not even encryption begins.
      assertThatThrownBy(() -> open("/shop.git", SHORT, silent.getLocalPort()))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("did not tell its newest commit within 500 ms");
    }
    assertThat(work).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/endless.git", "/packed.git"})
  void branchesWithoutEndAreNotTakenIn(String path) throws Exception {
    Files.writeString(dir.resolve("token"), TOKEN);

    assertThatThrownBy(() -> open(path))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("more than 4194304 bytes besides the commit");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void messagesWithoutEndAreNotTakenIn() throws Exception {
    Files.writeString(dir.resolve("token"), TOKEN);

    try (GitSession session = open("/chatty.git")) {
      assertThatThrownBy(() -> session.fetch(Clock.systemUTC()))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("more than 4194304 bytes besides the commit");
    }
  }

  @Test
  void whatIsSentPackedIsRead() throws Exception {
    Files.writeString(dir.resolve("token"), TOKEN);

    try (GitSession session = open("/zipped.git")) {
      assertThat(session.fetch(Clock.systemUTC()).commit()).isEqualTo(commit);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.add(path);
      String expected =
          "Basic "
              + Base64.getEncoder()
                  .encodeToString(("git:" + TOKEN).getBytes(StandardCharsets.UTF_8));
      if (path.startsWith("/moved.git")) {
        exchange.getResponseHeaders().set("Location", path.replace("moved", "shop"));
        exchange.sendResponseHeaders(302, -1);
      } else if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
        exchange.sendResponseHeaders(401, -1);
      } else if (path.equals("/drips.git/info/refs")) {
        drip(exchange, "advertisement");
      } else if (path.equals("/slow.git/git-upload-pack")) {
        drip(exchange, "result");
      } else if (path.equals("/chatty.git/git-upload-pack")) {
        answer(exchange, "result", messages());
      } else if (path.equals("/endless.git/info/refs")) {
        answer(exchange, "advertisement", manyRefs());
      } else if (path.equals("/packed.git/info/refs")) {
        zipped(exchange, "advertisement", manyRefs());
      } else if (path.equals("/zipped.git/info/refs")) {
        zipped(exchange, "advertisement", refs());
      } else if (path.equals("/zipped.git/git-upload-pack")) {
        zipped(exchange, "result", pack(exchange));
      } else if (path.endsWith("/info/refs")) {
        answer(exchange, "advertisement", refs());
      } else if (path.equals("/shop.git/git-upload-pack")) {
        answer(exchange, "result", pack(exchange));
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private byte[] refs() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PacketLineOut lines = new PacketLineOut(out);
    lines.writeString("# service=git-upload-pack\n");
    lines.end();
    try (Repository repository = new FileRepository(dir.resolve("shop.git").toFile())) {
      UploadPack upload = new UploadPack(repository);
      upload.setBiDirectionalPipe(false);
      upload.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
    }
    return out.toByteArray();
  }

  /** Those of a host that tells all that it has. */
  private byte[] manyRefs() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PacketLineOut lines = new PacketLineOut(out);
    lines.writeString("# service=git-upload-pack\n");
    lines.end();
    lines.writeString(commit + " HEAD\0shallow side-band-64k\n");
    for (int i = 0; i < 100_000; i++) {
      lines.writeString(commit + " refs/heads/branch" + i + "\n");
    }
    lines.end();
    return out.toByteArray();
  }

  /** What a host tells of its work before it sends anything. */
  private byte[] messages() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PacketLineOut lines = new PacketLineOut(out);
    lines.writeString("shallow " + commit);
    lines.end();
    lines.writeString("NAK\n");
    for (int i = 0; i < 6_000; i++) {
      lines.writeString("\2" + "I still think about it. ".repeat(40) + "\n");
    }
    lines.end();
    return out.toByteArray();
  }

  /** Sends a byte from time to time: each comes before anyone gets impatient. */
  private void drip(HttpExchange exchange, String kind) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-git-upload-pack-" + kind);
    exchange.sendResponseHeaders(200, 0);
    byte[] body = refs();
    try {
      for (int i = 0; i < body.length && !stopped.await(50, TimeUnit.MILLISECONDS); i++) {
        exchange.getResponseBody().write(body[i]);
        exchange.getResponseBody().flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void zipped(HttpExchange exchange, String kind, byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(body);
    }
    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    answer(exchange, kind, out.toByteArray());
  }

  private byte[] pack(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream in = new ByteArrayInputStream(body);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Repository repository = new FileRepository(dir.resolve("shop.git").toFile())) {
      UploadPack upload = new UploadPack(repository);
      upload.setBiDirectionalPipe(false);
      upload.upload(gzip ? new GZIPInputStream(in) : in, out, null);
    }
    return out.toByteArray();
  }

  private static void answer(HttpExchange exchange, String kind, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-git-upload-pack-" + kind);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private GitSession open(String path) throws SourceException {
    return open(path, Limits.standard());
  }

  private GitSession open(String path, Limits limits) throws SourceException {
    return open(path, limits, server.getAddress().getPort());
  }

  private GitSession open(String path, Limits limits, int port) throws SourceException {
    SourcesFile file =
        SourcesFile.read(
            "s.yml",
            "sources: {shop: {url: 'https://localhost:%d%s', tokenFile: token}}"
                .formatted(port, path),
            dir);
    assertThat(file.broken()).isEmpty();
    Source source = file.sources().getFirst();
    return GitSession.open(source, work, limits);
  }

  private static SSLContext tls(TestCa ca) throws Exception {
    String pem = Files.readString(ca.issue("CN=localhost"));
    int end = pem.indexOf("-----END PRIVATE KEY-----");
    String key = pem.substring(pem.indexOf("KEY-----") + 8, end).replaceAll("\\s", "");
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    byte[] rest =
        pem.substring(end + "-----END PRIVATE KEY-----".length())
            .getBytes(StandardCharsets.US_ASCII);
    Certificate[] chain =
        certificates
            .generateCertificates(new ByteArrayInputStream(rest))
            .toArray(new Certificate[0]);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "localhost",
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key))),
        new char[0],
        chain);
    store.setCertificateEntry("ca", chain[chain.length - 1]);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return tls;
  }
}
