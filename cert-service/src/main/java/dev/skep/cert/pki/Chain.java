package dev.skep.cert.pki;

import dev.skep.cert.policy.NamePolicy;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A certificate with its intermediates.
 *
 * @param certificates leaf first; never empty
 */
public record Chain(List<X509Certificate> certificates) {
  private static final int SAN_DNS = 2;
  private static final int SAN_IP = 7;

  public Chain {
    certificates = List.copyOf(certificates);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("a chain holds at least the leaf");
    }
  }

  /**
   * Reads PEM.
   *
   * @throws CertificateException if it holds no certificate
   */
  public static Chain parse(String pem) throws CertificateException {
    byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
    List<X509Certificate> certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(bytes))
            .stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (certificates.isEmpty()) {
      throw new CertificateException("no certificate in this PEM text");
    }
    return new Chain(certificates);
  }

  public X509Certificate leaf() {
    return certificates.getFirst();
  }

  public Instant notBefore() {
    return leaf().getNotBefore().toInstant();
  }

  public Instant notAfter() {
    return leaf().getNotAfter().toInstant();
  }

  /** PEM, leaf first, no blank lines. */
  public String pem() {
    StringBuilder pem = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      pem.append(Pem.write("CERTIFICATE", der(certificate)));
    }
    return pem.toString();
  }

  /** SHA-256 of the leaf's DER, lower-case hex. */
  public String fingerprint() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der(leaf())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The leaf's serial number, lower-case hex. */
  public String serial() {
    return leaf().getSerialNumber().toString(16);
  }

  /**
   * Checks that this is what was asked for: an issuer's word is not enough to put it on the edges.
   *
   * @param key the public half of the key that was certified
   * @param name which the leaf must cover
   * @throws CertificateException that says what does not fit
   */
  public void verify(PublicKey key, String name, Instant now) throws CertificateException {
    if (!leaf().getPublicKey().equals(key)) {
      throw new CertificateException("the leaf does not belong to the key that was certified");
    }
    if (!covers(name)) {
      throw new CertificateException("the leaf does not cover " + name);
    }
    if (!notAfter().isAfter(now)) {
      throw new CertificateException("the leaf expired at " + notAfter());
    }
    for (int i = 0; i + 1 < certificates.size(); i++) {
      try {
        certificates.get(i).verify(certificates.get(i + 1).getPublicKey());
      } catch (GeneralSecurityException e) {
        throw new CertificateException(
            "certificate " + i + " of the chain is not signed by the next", e);
      }
    }
  }

  private boolean covers(String name) throws CertificateParsingException {
    Collection<List<?>> names = leaf().getSubjectAlternativeNames();
    return names != null && names.stream().anyMatch(san -> matches(san, name));
  }

  private static boolean matches(List<?> san, String name) {
    String value = String.valueOf(san.get(1));
    return switch ((Integer) san.get(0)) {
      case SAN_DNS -> value.toLowerCase(Locale.ROOT).equals(name);
      case SAN_IP -> NamePolicy.isIpAddress(name) && sameAddress(value, name);
      default -> false;
    };
  }

  private static boolean sameAddress(String a, String b) {
    try {
      return InetAddress.getByName(a).equals(InetAddress.getByName(b));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was parsed has its DER", e);
    }
  }
}
