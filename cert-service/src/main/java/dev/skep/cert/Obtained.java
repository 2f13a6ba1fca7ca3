package dev.skep.cert;

import dev.skep.cert.pki.Chain;
import java.security.KeyPair;

/**
 * What an issuer gave, checked, the key in clear: it lives on the stack of one run, until it is
 * sealed.
 */
public record Obtained(Chain chain, KeyPair key) {
  /** Nothing of the key. */
  @Override
  public String toString() {
    return "Obtained[" + chain.fingerprint() + "]";
  }
}
