package dev.skep.cert.acme;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** acme4j's generic provider over an HTTP client of ours, which trusts what it is told to. */
final class TrustingProvider extends GenericAcmeProvider implements AutoCloseable {
  private final HttpClient client;
  private final AcmeMetrics metrics;
  private final Clock clock;

  /**
   * A provider.
   *
   * @param caFile PEM roots to trust in place of the platform's; null: the platform's
   * @throws IOException if the file cannot be used, saying which and why
   */
  TrustingProvider(Path caFile, NetworkSettings network, AcmeMetrics metrics, Clock clock)
      throws IOException {
    this.metrics = metrics;
    this.clock = clock;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(network.getTimeout());
    if (network.getProxySelector() != null) {
      builder.proxy(network.getProxySelector());
    }
    if (caFile != null) {
      builder.sslContext(trusting(caFile));
    }
    client = builder.build();
  }

  @Override
  public HttpClient createHttpClient(NetworkSettings settings) {
    return client;
  }

  @Override
  public Connection connect(URI server, NetworkSettings settings, HttpClient http) {
    return new AcmeConnection(createHttpConnector(settings, http), metrics, clock);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private static SSLContext trusting(Path caFile) throws IOException {
    try (InputStream in = Files.newInputStream(caFile)) {
      Collection<? extends Certificate> roots =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (roots.isEmpty()) {
        throw new GeneralSecurityException("it holds no PEM certificate");
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int n = 0;
      for (Certificate root : roots) {
        store.setCertificateEntry("root-" + n++, root);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException(
          "the ACME CA file %s cannot be used (%s): make it a PEM file with the root certificates"
              .formatted(caFile, e.getMessage() == null ? e : e.getMessage()),
          e);
    }
  }
}
