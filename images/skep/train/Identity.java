package dev.skep.images.train;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A key pair and its self-signed certificate, which everyone in the training shows and trusts.
 *
 * @param key PEM of the private key
 * @param certificate PEM
 * @param keyFile both, as a client reads them
 * @param trustFile the certificate alone
 */
record Identity(String key, String certificate, Path keyFile, Path trustFile) {
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
        key,
        certificate,
        Files.writeString(dir.resolve("kafka.pem"), key + certificate),
        Files.writeString(dir.resolve("ca.pem"), certificate));
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
