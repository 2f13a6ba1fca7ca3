package dev.skep.cert.internal;

import dev.skep.cert.IssueException;
import dev.skep.cert.Obtained;
import dev.skep.cert.pki.Chain;
import dev.skep.cert.pki.Keys;
import dev.skep.cert.policy.Failure;
import dev.skep.cert.policy.Issuers;
import dev.skep.model.cert.Issuer;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.runtime.seal.SealException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Issues certificates by the internal CA, whose root is made once and kept. */
public final class InternalIssuer {
  private static final String CONTEXT = "skep.certificates|issuer|" + Issuers.INTERNAL;

  private final Issuer record;
  private final PrivateKeyRing ring;
  private final Duration lifetime;
  private final Clock clock;
  private volatile InternalCa opened;

  private InternalIssuer(
      Issuer record, PrivateKeyRing ring, Duration lifetime, Clock clock, InternalCa opened) {
    this.record = record;
    this.ring = ring;
    this.lifetime = lifetime;
    this.clock = clock;
    this.opened = opened;
  }

  /**
   * The issuer of {@code known}, or of a new root where there is none.
   *
   * @param write writes the new record down; returns when that is on disk
   */
  public static InternalIssuer open(
      Optional<Issuer> known,
      PrivateKeyRing ring,
      Consumer<Issuer> write,
      Duration lifetime,
      Clock clock) {
    if (known.isPresent()) {
      return new InternalIssuer(known.get(), ring, lifetime, clock, null);
    }
    InternalCa ca = InternalCa.create(clock.instant());
    Issuer record =
        new Issuer(
            Issuers.INTERNAL,
            Issuer.Kind.INTERNAL,
            null,
            null,
            ring.publicKeys().seal(Keys.pairPem(ca.key()), CONTEXT),
            null,
            new Chain(java.util.List.of(ca.root())).pem(),
            clock.instant());
    write.accept(record);
    return new InternalIssuer(record, ring, lifetime, clock, ca);
  }

  /** The root's certificate in PEM: public. */
  public String caPem() {
    return record.chain();
  }

  /**
   * A certificate with a fresh key.
   *
   * @throws IssueException if the root's key cannot be opened: a new root would be trusted by
   *     nobody and is never made by itself
   */
  public Obtained obtain(String name) throws IssueException {
    KeyPair key = Keys.generate();
    return new Obtained(ca().issue(name, key.getPublic(), clock.instant(), lifetime), key);
  }

  private InternalCa ca() throws IssueException {
    InternalCa ca = opened;
    if (ca != null) {
      return ca;
    }
    try {
      KeyPair key = Keys.readPair(ring.open(record.accountKey(), CONTEXT));
      ca = new InternalCa(Chain.parse(record.chain()).leaf(), key);
      opened = ca;
      return ca;
    } catch (SealException | GeneralSecurityException e) {
      throw new IssueException(
          Failure.terminal(
              "CaKeyUnreadable",
              "the internal CA's key cannot be opened: restore cert-service's key file, to which"
                  + " it was sealed"),
          e);
    }
  }
}
