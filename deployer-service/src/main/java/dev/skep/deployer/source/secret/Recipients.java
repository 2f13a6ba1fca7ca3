package dev.skep.deployer.source.secret;

import com.exceptionfactory.jagged.bech32.Bech32;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;

/** The public side of identities: {@code age1...}, as {@code age-keygen -y} prints it. */
final class Recipients {
  private static final String PREFIX = "age";

  /** The curve's base point (RFC 7748, 4.1): what a private key makes of it is its public key. */
  private static final BigInteger BASE_POINT = BigInteger.valueOf(9);

  private Recipients() {}

  /**
   * The recipient of an identity.
   *
   * @throws GeneralSecurityException if it is none
   */
  static String of(String identity) throws GeneralSecurityException {
    byte[] secret = Bech32.getDecoder().decode(identity).getData();
    KeyFactory keys = KeyFactory.getInstance("X25519");
    PrivateKey own = keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, secret));
    PublicKey base =
        keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BASE_POINT));
    KeyAgreement agreement = KeyAgreement.getInstance("X25519");
    agreement.init(own);
    agreement.doPhase(base, true);
    return Bech32.getEncoder().encode(PREFIX, agreement.generateSecret()).toString();
  }
}
