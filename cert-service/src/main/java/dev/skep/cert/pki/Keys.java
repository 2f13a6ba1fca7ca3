package dev.skep.cert.pki;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;

/** P-256 key pairs, and their PEM forms. */
public final class Keys {
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";

  private Keys() {}

  /** A fresh P-256 key pair. */
  public static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no P-256 keys", e);
    }
  }

  /** PKCS#8 PEM. Secret: only ever sealed. */
  public static byte[] privatePem(PrivateKey key) {
    return Pem.write(PRIVATE, key.getEncoded()).getBytes(StandardCharsets.US_ASCII);
  }

  /** Both halves in PEM: what PKCS#8 holds of the public half differs between providers. Secret. */
  public static byte[] pairPem(KeyPair pair) {
    String pem =
        Pem.write(PRIVATE, pair.getPrivate().getEncoded())
            + Pem.write(PUBLIC, pair.getPublic().getEncoded());
    return pem.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Reads what {@link #pairPem} wrote.
   *
   * @throws GeneralSecurityException if it is no such thing; the message holds nothing of it
   */
  public static KeyPair readPair(byte[] pem) throws GeneralSecurityException {
    Map<String, byte[]> blocks = Pem.read(new String(pem, StandardCharsets.US_ASCII));
    if (!blocks.containsKey(PRIVATE) || !blocks.containsKey(PUBLIC)) {
      throw new GeneralSecurityException("not a pair of a private and a public key in PEM");
    }
    KeyFactory factory = KeyFactory.getInstance("EC");
    return new KeyPair(
        factory.generatePublic(new X509EncodedKeySpec(blocks.get(PUBLIC))),
        factory.generatePrivate(new PKCS8EncodedKeySpec(blocks.get(PRIVATE))));
  }
}
