package dev.skep.edge.agent;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate with its private key, as HAProxy and Traefik read it.
 *
 * @param pem leaf, chain, key; neither blank lines nor carriage returns: in a payload a blank line
 *     would end it, and what follows, the key too, would be run as commands
 * @param fingerprint SHA-256 of the leaf's DER, lower-case hex
 * @param sha1 of the leaf's DER, lower-case hex: the one that HAProxy shows
 */
public record PemBundle(String pem, String fingerprint, String sha1) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  /**
   * Reads and checks a bundle.
   *
   * @param chain PEM, leaf first
   * @param key PKCS#8 PEM
   * @throws IllegalArgumentException if it cannot be read or the key is not the leaf's; the message
   *     holds nothing of the key
   */
  public static PemBundle of(String chain, String key) {
    List<X509Certificate> certificates = certificates(chain);
    X509Certificate leaf = certificates.getFirst();
    byte[] keyDer = keyDer(key);
    try {
      checkKey(leaf, keyDer);
      StringBuilder pem = new StringBuilder();
      for (X509Certificate c : certificates) {
        block(pem, "CERTIFICATE", c.getEncoded());
      }
      block(pem, "PRIVATE KEY", keyDer);
      return new PemBundle(
          pem.toString(), digest("SHA-256", leaf.getEncoded()), digest("SHA-1", leaf.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the private key does not belong to the certificate", e);
    }
  }

  /** Reads a bundle that an agent wrote. */
  static PemBundle parse(String bundle) {
    return of(bundle, bundle);
  }

  private static List<X509Certificate> certificates(String chain) {
    try {
      String only =
          BLOCK
              .matcher(chain)
              .results()
              .filter(r -> r.group(1).equals("CERTIFICATE"))
              .map(r -> r.group().replace("\r", ""))
              .collect(java.util.stream.Collectors.joining("\n"));
      Collection<? extends Certificate> read =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(only.getBytes(StandardCharsets.US_ASCII)));
      if (read.isEmpty()) {
        throw new IllegalArgumentException("the chain holds no certificate");
      }
      return read.stream().map(X509Certificate.class::cast).toList();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the chain cannot be read: " + e.getMessage(), e);
    }
  }

  private static byte[] keyDer(String key) {
    Matcher m = BLOCK.matcher(key);
    while (m.find()) {
      if (m.group(1).equals("PRIVATE KEY")) {
        return Base64.getMimeDecoder().decode(m.group(2));
      }
    }
    throw new IllegalArgumentException("there is no PKCS#8 private key");
  }

  private static void checkKey(X509Certificate leaf, byte[] keyDer)
      throws GeneralSecurityException {
    String algorithm = leaf.getPublicKey().getAlgorithm();
    PrivateKey key =
        KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(keyDer));
    String signing =
        switch (algorithm) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> algorithm;
        };
    byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
    Signature signer = Signature.getInstance(signing);
    signer.initSign(key);
    signer.update(probe);
    byte[] signature = signer.sign();
    signer.initVerify(leaf.getPublicKey());
    signer.update(probe);
    if (!signer.verify(signature)) {
      throw new GeneralSecurityException("another key signed");
    }
  }

  private static void block(StringBuilder out, String type, byte[] der) {
    out.append("-----BEGIN ").append(type).append("-----\n");
    out.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    out.append("\n-----END ").append(type).append("-----\n");
  }

  private static String digest(String algorithm, byte[] der) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(der));
  }

  /** Says no more than what is public. */
  @Override
  public String toString() {
    return "PemBundle[fingerprint=" + fingerprint + "]";
  }
}
