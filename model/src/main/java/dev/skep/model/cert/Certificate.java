package dev.skep.model.cert;

import dev.skep.model.Condition;
import dev.skep.model.Sealed;
import java.time.Instant;
import java.util.List;

/**
 * A certificate, wanted or issued.
 *
 * @param name the first of its names; unique
 * @param names every DNS name that it covers
 * @param issuer who issues it: an {@link Issuer}'s name
 * @param revision counts issuances; 0 until the first
 * @param chain PEM, leaf first; null until issued
 * @param privateKey the leaf's PKCS#8 PEM, sealed to the edges; context {@code
 *     certificates|name|revision}; null until issued
 * @param fingerprint SHA-256 of the leaf's DER, lower-case hex; null until issued
 * @param serial of the leaf, lower-case hex; null until issued
 * @param notBefore null until issued
 * @param notAfter null until issued
 * @param renewAt when its renewal is due; null until issued
 * @param order the ACME order's URL that is under way; null if none
 * @param orderKey the key pair of that order, sealed to cert-service itself; null if none
 * @param attempts failed ones in a row
 * @param nextAttempt not before then; null: at once
 * @param conditions {@code Ready}, {@code Issuing}
 */
public record Certificate(
    String name,
    List<String> names,
    String issuer,
    long revision,
    String chain,
    Sealed privateKey,
    String fingerprint,
    String serial,
    Instant notBefore,
    Instant notAfter,
    Instant renewAt,
    String order,
    Sealed orderKey,
    int attempts,
    Instant nextAttempt,
    List<Condition> conditions)
    implements CertificateEntry {

  /** The condition type that says whether a valid certificate exists. */
  public static final String READY = "Ready";

  public Certificate {
    names = List.copyOf(names);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  @Override
  public String key() {
    return "certificate/" + name;
  }

  /** What binds a sealed leaf key to its place. */
  public static String sealingContext(String name, long revision) {
    return "skep.certificates|" + name + "|" + revision;
  }
}
