package dev.skep.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A CA of a test: issues what Kafka's clients and brokers show each other, as PEM files. */
public final class TestCa {
  private static final Duration DAY = Duration.ofDays(1);

  private final Path dir;
  private final X500Name name = new X500Name("CN=CA of a test");
  private final KeyPair keys = newKeys();
  private final X509CertificateHolder root;

  /**
   * Makes a new one.
   *
   * @param dir where files go; made if it is not there
   */
  public TestCa(Path dir) {
    this.dir = dir;
    try {
      Files.createDirectories(dir);
      root =
          sign(
              builder(name, Instant.now().minus(DAY), Instant.now().plus(DAY), keys)
                  .addExtension(Extension.basicConstraints, true, new BasicConstraints(true)));
      Files.writeString(certificate(), pem(root));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The CA's own certificate. */
  public Path certificate() {
    return dir.resolve("ca.pem");
  }

  /** Key and certificate for a subject, valid today, for {@code localhost}. */
  public Path issue(String subject) {
    return issue(subject, Instant.now().minus(DAY), Instant.now().plus(DAY));
  }

  /**
   * Key and certificate.
   *
   * @param subject {@code CN=inventory}
   */
  public Path issue(String subject, Instant from, Instant to) {
    KeyPair own = newKeys();
    try {
      X509CertificateHolder certificate =
          sign(
              builder(new X500Name(subject), from, to, own)
                  .addExtension(
                      Extension.subjectAlternativeName,
                      false,
                      new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost"))));
      Path file = Files.createTempFile(dir, "issued", ".pem");
      return Files.writeString(
          file, pem(new JcaPKCS8Generator(own.getPrivate(), null)) + pem(certificate) + pem(root));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JcaX509v3CertificateBuilder builder(
      X500Name subject, Instant from, Instant to, KeyPair own) {
    return new JcaX509v3CertificateBuilder(
        name,
        new BigInteger(100, new SecureRandom()),
        Date.from(from),
        Date.from(to),
        subject,
        own.getPublic());
  }

  private X509CertificateHolder sign(org.bouncycastle.cert.X509v3CertificateBuilder builder) {
    try {
      return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
