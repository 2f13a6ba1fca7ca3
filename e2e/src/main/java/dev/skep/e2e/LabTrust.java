package dev.skep.e2e;

import dev.skep.testing.Shell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What a visitor of the lab trusts: the root of its ACME CA, and nothing else. */
final class LabTrust {
  private LabTrust() {}

  /** Asks the CA for its root, as docs/lab.md tells. */
  static SSLContext ofAcmeCa(LabCluster lab)
      throws IOException, InterruptedException, GeneralSecurityException {
    String management = lab.env("SKEP_ACME_DIRECTORY").replace(":14000/dir", ":15000/roots/0");
    String pem = Shell.ok("curl", "-sS", "--cacert", lab.env("SKEP_ACME_CA_FILE"), management);
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "root",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
