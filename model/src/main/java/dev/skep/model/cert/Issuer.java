package dev.skep.model.cert;

import dev.skep.model.Sealed;
import java.time.Instant;

/**
 * Who issues certificates.
 *
 * @param name {@code internal}, {@code acme}
 * @param kind which protocol
 * @param directory of an ACME issuer; null for the internal CA
 * @param account the ACME account's URL; null before it is registered and for the internal CA
 * @param accountKey the ACME account's or the CA's private key, sealed to cert-service itself
 * @param thumbprint of the account key (RFC 7638), public: edges answer http-01 challenges with it;
 *     null for the internal CA
 * @param chain of the internal CA, PEM; null for ACME
 * @param since when it was made
 */
public record Issuer(
    String name,
    Kind kind,
    String directory,
    String account,
    Sealed accountKey,
    String thumbprint,
    String chain,
    Instant since)
    implements CertificateEntry {

  /** Which protocol. */
  public enum Kind {
    INTERNAL,
    ACME
  }

  @Override
  public String key() {
    return "issuer/" + name;
  }
}
