package dev.skep.deployer.image.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.skep.testing.TestCa;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Stands in for registries, and for Engines that ask them, which behave as no real one of ours can
 * be made to.
 */
public final class StandInRegistry implements AutoCloseable {
  /** An answer to a request. */
  public record Answer(int status, Map<String, String> headers, String body) {
    public static Answer ok(String body) {
      return new Answer(200, Map.of(), body);
    }
  }

  private final HttpServer server;
  private final String name;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  public StandInRegistry() throws IOException {
    this(HttpServer.create(), "127.0.0.1");
  }

  /** One by TLS, on localhost. */
  StandInRegistry(SSLContext tls) throws IOException {
    this(secured(tls), "localhost");
  }

  private StandInRegistry(HttpServer server, String name) throws IOException {
    this.server = server;
    this.name = name;
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  private static HttpServer secured(SSLContext tls) throws IOException {
    HttpsServer secured = HttpsServer.create();
    secured.setHttpsConfigurator(new HttpsConfigurator(tls));
    return secured;
  }

  /** Shows a certificate of the CA for localhost. */
  static SSLContext tls(TestCa ca) throws IOException, GeneralSecurityException {
    String[] pem =
        Files.readString(ca.issue("CN=localhost")).split("(?<=KEY-----)\\s*(?=-----BEGIN CERT)", 2);
    byte[] key = Base64.getMimeDecoder().decode(pem[0].replaceAll("-----[A-Z ]+-----", ""));
    Certificate[] chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem[1].getBytes(StandardCharsets.US_ASCII)))
            .toArray(new Certificate[0]);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "localhost",
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
        new char[0],
        chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    return tls;
  }

  /** As images name it. */
  public String host() {
    return name + ":" + server.getAddress().getPort();
  }

  /**
   * What is answered.
   *
   * @param request path and query; with " as AUTHORIZATION" if that header is sent, and " for AUTH"
   *     if X-Registry-Auth is
   */
  public StandInRegistry on(String request, Answer answer) {
    answers.put(request, answer);
    return this;
  }

  /** What was asked, in order. */
  public List<String> requests() {
    return requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String sent = exchange.getRequestHeaders().getFirst("Authorization");
    String passed = exchange.getRequestHeaders().getFirst("X-Registry-Auth");
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String request =
        exchange.getRequestURI()
            + (body.isEmpty() ? "" : " with " + body)
            + (sent == null ? "" : " as " + sent)
            + (passed == null ? "" : " for " + passed);
    requests.add(request);
    Answer answer = answers.getOrDefault(request, new Answer(404, Map.of(), "{}"));
    answer.headers().forEach((n, v) -> exchange.getResponseHeaders().add(n, v));
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
