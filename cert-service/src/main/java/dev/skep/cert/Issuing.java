package dev.skep.cert;

import dev.skep.cert.acme.AcmeIssuer;
import dev.skep.cert.acme.OrderJournal;
import dev.skep.cert.internal.InternalIssuer;
import dev.skep.cert.pki.Chain;
import dev.skep.cert.pki.Keys;
import dev.skep.cert.policy.Failure;
import dev.skep.cert.policy.Issued;
import dev.skep.cert.policy.Issuers;
import dev.skep.cert.policy.Records;
import dev.skep.model.Sealed;
import dev.skep.model.cert.Certificate;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.runtime.seal.PublicKeyRing;
import dev.skep.runtime.seal.SealException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One issuance: gets the certificate from its issuer, seals the key, gives the new record. The
 * order under way is written to the store before it is worked on.
 */
final class Issuing {
  private static final Logger log = LoggerFactory.getLogger(Issuing.class);

  private final CertStore store;
  private final InternalIssuer internal;
  private final AcmeIssuer acme;
  private final PrivateKeyRing own;
  private final PublicKeyRing edge;
  private final Clock clock;

  /**
   * The issuers.
   *
   * @param acme null if there is none
   */
  Issuing(
      CertStore store,
      InternalIssuer internal,
      AcmeIssuer acme,
      PrivateKeyRing own,
      PublicKeyRing edge,
      Clock clock) {
    this.store = store;
    this.internal = internal;
    this.acme = acme;
    this.own = own;
    this.edge = edge;
    this.clock = clock;
  }

  /**
   * Issues.
   *
   * @param start the record from which to go; the one in the store changes while this runs
   * @return the record with the new certificate, not yet written
   */
  Certificate issue(Certificate start, String correlationId)
      throws IssueException, InterruptedException {
    Obtained obtained = obtain(start, correlationId);
    Certificate now = store.certificate(start.name()).orElse(start);
    long revision = now.revision() + 1;
    Chain chain = obtained.chain();
    Sealed key =
        edge.seal(
            Keys.privatePem(obtained.key().getPrivate()),
            Certificate.sealingContext(now.name(), revision));
    return Records.issued(
        now,
        new Issued(
            chain.pem(),
            key,
            chain.fingerprint(),
            chain.serial(),
            chain.notBefore(),
            chain.notAfter()),
        clock.instant());
  }

  private Obtained obtain(Certificate start, String correlationId)
      throws IssueException, InterruptedException {
    if (start.issuer().equals(Issuers.INTERNAL)) {
      return internal.obtain(start.name());
    }
    if (acme == null) {
      throw new IssueException(
          Failure.terminal("NoIssuer", "there is no issuer '" + start.issuer() + "'"));
    }
    return acme.obtain(start.name(), replaced(start), new Journal(start.name(), correlationId));
  }

  /** What is renewed; null if there is nothing, or nothing that can be read. */
  private static X509Certificate replaced(Certificate start) {
    if (start.chain() == null) {
      return null;
    }
    try {
      return Chain.parse(start.chain()).leaf();
    } catch (CertificateException e) {
      log.atWarn()
          .addKeyValue("certificate", start.name())
          .setCause(e)
          .log("The present certificate cannot be read, so it is not named as replaced");
      return null;
    }
  }

  /** The order of one certificate, in that certificate's record. */
  private final class Journal implements OrderJournal {
    private final String name;
    private final String correlationId;

    Journal(String name, String correlationId) {
      this.name = name;
      this.correlationId = correlationId;
    }

    @Override
    public Entry open() {
      Certificate record = store.certificate(name).orElse(null);
      if (record == null || record.order() == null || record.orderKey() == null) {
        return null;
      }
      try {
        byte[] pem = own.open(record.orderKey(), context(record.order()));
        return new Entry(record.order(), Keys.readPair(pem));
      } catch (SealException | GeneralSecurityException e) {
        log.atWarn()
            .addKeyValue("certificate", name)
            .addKeyValue("order", record.order())
            .setCause(e)
            .log("The key of the order under way cannot be opened, another order is made");
        return null;
      }
    }

    @Override
    public void ordered(Entry entry) {
      Certificate record = store.certificate(name).orElseThrow();
      Sealed key = own.publicKeys().seal(Keys.pairPem(entry.key()), context(entry.url()));
      Certificate ordered =
          Records.issuing(
              Records.ordered(record, entry.url(), key),
              "Ordered",
              "the order " + entry.url() + " is under way",
              clock.instant());
      store.put(ordered, "ordered", correlationId);
    }

    private String context(String order) {
      return String.join("|", "skep.certificates", name, "order", order);
    }
  }
}
