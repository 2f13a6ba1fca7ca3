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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
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

/** A repository by HTTPS, from a real server in this process that asks for a token. */
class HttpsSourceTest {
  private static final String TOKEN = "hunter2";

  @TempDir Path dir;
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
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
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
      } else if (path.equals("/shop.git/info/refs")) {
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
    SourcesFile file =
        SourcesFile.read(
            "s.yml",
            "sources: {shop: {url: 'https://localhost:%d%s', tokenFile: token}}"
                .formatted(server.getAddress().getPort(), path),
            dir);
    assertThat(file.broken()).isEmpty();
    Source source = file.sources().getFirst();
    return GitSession.open(source, work, Limits.standard());
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
