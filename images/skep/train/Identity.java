package dev.skep.images.train;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;

/**
 * A key pair and its self-signed certificate, which everyone in the training shows and trusts.
 *
 * @param keyFile PEM: the private key and the certificate
 * @param trustFile PEM: the certificate alone
 */
record Identity(Path keyFile, Path trustFile) {
  /** Its common name. */
  static final String NAME = "training";

  private static final char[] PASSWORD = "training".toCharArray();

  /** From a PKCS#12 file with one entry; writes the PEM files to {@code dir}. */
  static Identity load(Path pkcs12, Path dir) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(pkcs12)) {
      store.load(in, PASSWORD);
    }
    String alias = store.aliases().nextElement();
    String key = pem("PRIVATE KEY", store.getKey(alias, PASSWORD).getEncoded());
    String certificate = pem("CERTIFICATE", store.getCertificate(alias).getEncoded());
    return new Identity(
        Files.writeString(dir.resolve("kafka.pem"), key + certificate),
        Files.writeString(dir.resolve("ca.pem"), certificate));
  }

  /** How a Kafka client shows and trusts it. */
  Map<String, String> settings() {
    return Map.of(
        "security.protocol", "SSL",
        "ssl.keystore.type", "PEM",
        "ssl.keystore.location", keyFile.toString(),
        "ssl.truststore.type", "PEM",
        "ssl.truststore.location", trustFile.toString());
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
