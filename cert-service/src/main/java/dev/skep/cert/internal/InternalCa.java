package dev.skep.cert.internal;

import dev.skep.cert.pki.Chain;
import dev.skep.cert.pki.Keys;
import dev.skep.cert.policy.NamePolicy;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A CA of one P-256 root. Clients trust the root by its file; edges send the leaf alone.
 *
 * @param root self-signed
 * @param key the root's; secret
 */
public record InternalCa(X509Certificate root, KeyPair key) {
  /** Ten years: replacing it means visiting every client. */
  private static final Duration ROOT_LIFETIME = Duration.ofDays(3652);

  /** For clients whose clocks are late. */
  private static final Duration BACKDATE = Duration.ofMinutes(5);

  private static final int SERIAL_BITS = 127;
  private static final int MAX_COMMON_NAME = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Makes a new root. */
  public static InternalCa create(Instant now) {
    KeyPair key = Keys.generate();
    BigInteger serial = serial();
    // Part of the serial: two CAs of one name in a trust store are told apart.
    X500Name name =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.O, "Skep")
            .addRDN(BCStyle.CN, "Skep internal CA " + serial.toString(16).substring(0, 8))
            .build();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            serial,
            Date.from(now.minus(BACKDATE)),
            Date.from(now.plus(ROOT_LIFETIME)),
            name,
            key.getPublic());
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(key.getPublic()));
      return new InternalCa(sign(builder, key), key);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("the internal CA could not be made", e);
    }
  }

  /**
   * Issues a server certificate.
   *
   * @param name a DNS name, a wildcard, or an IP address
   * @param lifetime from now; never beyond the root's end
   */
  public Chain issue(String name, PublicKey subject, Instant now, Duration lifetime) {
    Instant end = now.plus(lifetime);
    Instant rootEnd = root.getNotAfter().toInstant();
    boolean named = name.length() <= MAX_COMMON_NAME;
    X500NameBuilder subjectName = new X500NameBuilder(BCStyle.INSTANCE);
    if (named) {
      subjectName.addRDN(BCStyle.CN, name);
    }
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            X500Name.getInstance(root.getSubjectX500Principal().getEncoded()),
            serial(),
            Date.from(now.minus(BACKDATE)),
            Date.from(end.isAfter(rootEnd) ? rootEnd : end),
            subjectName.build(),
            subject);
    int kind = NamePolicy.isIpAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName;
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      // Critical where the subject is empty (RFC 5280, 4.2.1.6).
      builder.addExtension(
          Extension.subjectAlternativeName, !named, new GeneralNames(new GeneralName(kind, name)));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(subject));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(root));
      return new Chain(List.of(sign(builder, key)));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("the internal CA could not sign", e);
    }
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair key)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
  }

  private static BigInteger serial() {
    // The top bit set: positive, and always of the same length.
    return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
  }

  /** Nothing of the key. */
  @Override
  public String toString() {
    return "InternalCa[" + root.getSubjectX500Principal() + "]";
  }
}
