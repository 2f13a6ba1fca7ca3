package dev.skep.edge.agent;

import dev.skep.model.Sealed;
import dev.skep.model.cert.Certificate;
import dev.skep.runtime.seal.PublicKeyRing;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates as cert-service publishes them, self-signed. */
final class TestCertificates {
  private TestCertificates() {}

  static KeyPair ec() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  /** A key that Java takes and OpenSSL refuses. */
  static KeyPair weak() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(512);
    return generator.generateKeyPair();
  }

  static Certificate certificate(String name, long revision, PublicKeyRing edges) throws Exception {
    KeyPair keys = ec();
    return certificate(name, revision, edges, keys, keys);
  }

  /** With the private key of another pair, it is no good. */
  static Certificate certificate(
      String name, long revision, PublicKeyRing edges, KeyPair keys, KeyPair sealed)
      throws Exception {
    Instant now = Instant.now();
    X500Name subject = new X500Name("CN=" + name);
    String algorithm = keys.getPublic().getAlgorithm().equals("EC") ? "ECDSA" : "RSA";
    var holder =
        new JcaX509v3CertificateBuilder(
                subject,
                new BigInteger(100, new SecureRandom()),
                Date.from(now.minusSeconds(3600)),
                Date.from(now.plusSeconds(86_400)),
                subject,
                keys.getPublic())
            .addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, name)))
            .build(new JcaContentSignerBuilder("SHA256with" + algorithm).build(keys.getPrivate()));
    String chain = pem(holder);
    String key = pem(new JcaPKCS8Generator(sealed.getPrivate(), null));
    Sealed sealedKey =
        edges.seal(
            key.getBytes(StandardCharsets.US_ASCII), Certificate.sealingContext(name, revision));
    String fingerprint =
        java.util.HexFormat.of()
            .formatHex(
                java.security.MessageDigest.getInstance("SHA-256").digest(holder.getEncoded()));
    return new Certificate(
        name,
        List.of(name),
        "internal",
        revision,
        // As careless issuers send it.
        chain.replace("\n", "\r\n") + "\r\n\r\n",
        sealedKey,
        fingerprint,
        holder.getSerialNumber().toString(16),
        now.minusSeconds(3600),
        now.plusSeconds(86_400),
        now.plusSeconds(40_000),
        null,
        null,
        0,
        null,
        List.of());
  }

  private static String pem(Object object) throws Exception {
    StringWriter out = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(out)) {
      writer.writeObject(object);
    }
    return out.toString();
  }
}
