package dev.skep.cli.cluster;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The CA of the control plane: by its certificates our own parts know each other on the broker. It
 * signs nothing else, and nothing outside trusts it.
 */
final class ControlCa {
  /** Nothing renews these certificates but {@code skep init --renew}: they live as long as it. */
  private static final Duration LIFE = Duration.ofDays(3650);

  /** For clocks of nodes that are behind. */
  private static final Duration SKEW = Duration.ofHours(1);

  private static final String SIGNATURE = "SHA256withECDSA";

  private final KeyPair keys;
  private final X509Certificate certificate;
  private final Instant now;

  private ControlCa(KeyPair keys, X509Certificate certificate, Instant now) {
    this.keys = keys;
    this.certificate = certificate;
    this.now = now;
  }

  /** Makes a new one, P-256, for ten years. */
  static ControlCa create(Clock clock) {
    try {
      Instant now = clock.instant();
      KeyPair keys = newKeys();
      BigInteger serial = serial();
      // With the number in its name, two of them are told apart in every tool's output.
      X500Name name =
          new X500Name("CN=Skep control plane CA " + serial.toString(16).substring(0, 8));
      X509v3CertificateBuilder builder = builder(name, serial, name, keys, now);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return new ControlCa(keys, signed(builder, keys), now);
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("the control plane's CA cannot be made", e);
    }
  }

  /** Its certificate, PEM. */
  String certificatePem() {
    return pem(certificate);
  }

  /** Its private key, PEM (PKCS#8). */
  String keyPem() {
    return privatePem(keys);
  }

  /** What tells it from any other: the first 16 digits of its certificate's SHA-256. */
  String fingerprint() {
    try {
      byte[] hash =
          java.security.MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A principal's private key (PKCS#8) and certificate chain, PEM, as Kafka reads them. The subject
   * is the common name alone: that is what the broker makes the principal of.
   *
   * @param names under which it is reached as a server; empty: it is a client only
   */
  String issue(String principal, List<String> names) {
    try {
      KeyPair own = newKeys();
      X509v3CertificateBuilder builder =
          builder(
              new X500Name(certificate.getSubjectX500Principal().getName()),
              serial(),
              new X500Name("CN=" + principal),
              own,
              now);
      JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              names.isEmpty()
                  ? new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth}
                  : new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                  }));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, utils.createAuthorityKeyIdentifier(certificate));
      if (!names.isEmpty()) {
        GeneralName[] dns =
            names.stream()
                .map(n -> new GeneralName(GeneralName.dNSName, n))
                .toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(dns));
      }
      return privatePem(own) + pem(signed(builder, keys)) + certificatePem();
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("a certificate for " + principal + " cannot be made", e);
    }
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, BigInteger serial, X500Name subject, KeyPair keys, Instant now) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        serial,
        Date.from(now.minus(SKEW)),
        Date.from(now.plus(LIFE)),
        subject,
        keys.getPublic());
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, KeyPair keys)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(SIGNATURE).build(keys.getPrivate())));
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static BigInteger serial() {
    return new BigInteger(126, new SecureRandom()).setBit(126);
  }

  private static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new IllegalStateException("cannot be written as PEM", e);
    }
    return text.toString();
  }

  private static String privatePem(KeyPair keys) {
    try {
      return pem(new JcaPKCS8Generator(keys.getPrivate(), null));
    } catch (IOException e) {
      throw new IllegalStateException("a private key cannot be written as PEM", e);
    }
  }
}
