package dev.skep.cert;

import dev.skep.cert.acme.AcmeIssuer;
import dev.skep.cert.pki.Chain;
import dev.skep.cert.policy.Decider;
import dev.skep.cert.policy.Decision;
import dev.skep.cert.policy.Failure;
import dev.skep.cert.policy.Issuers;
import dev.skep.cert.policy.Records;
import dev.skep.cert.policy.Renewal;
import dev.skep.cert.policy.Wanted;
import dev.skep.model.cert.Certificate;
import dev.skep.runtime.reconcile.KeyedReconciler;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.reconcile.Reconciliation;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one certificate as it is wanted.
 *
 * <ol>
 *   <li>A write that was not confirmed is made again.
 *   <li>What is wanted is compared with what there is ({@link Decider}); the reconciler runs a key
 *       once at a time, so this is decided under the name's lock.
 *   <li>If a certificate is due, it is issued: by ACME only once an edge answers challenges.
 *   <li>A failure is written into the record with the time of the next attempt: a restart waits as
 *       long.
 *   <li>Else the CA is asked, from time to time, when it wants the renewal.
 * </ol>
 */
final class CertReconciler implements KeyedReconciler.Reconcile<String> {
  private static final Logger log = LoggerFactory.getLogger(CertReconciler.class);
  private static final Duration GATE_POLL = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LEAST_RENEWAL_INFO = Duration.ofMinutes(1);
  private static final Duration MOST_RENEWAL_INFO = Duration.ofHours(12);

  private final CertStore store;
  private final WantedView wanted;
  private final Decider decider;
  private final Issuing issuing;
  private final AcmeIssuer acme;
  private final Function<Instant, EdgeGate.Verdict> gate;
  private final CertMetrics metrics;
  private final Duration renewalInfoEvery;
  private final Clock clock;
  private final Map<String, Instant> renewalInfoAt = new ConcurrentHashMap<>();

  /** What routes want now. */
  interface WantedView {
    /** Null if nobody wants it. */
    Wanted wanted(String name);

    /** What caused the last change of the routes that want it; may be null. */
    String correlationId(String name);
  }

  /**
   * A reconciler.
   *
   * @param acme null if there is none
   * @param gate whether an edge answers challenges at that time
   */
  CertReconciler(
      CertStore store,
      WantedView wanted,
      Decider decider,
      Issuing issuing,
      AcmeIssuer acme,
      Function<Instant, EdgeGate.Verdict> gate,
      CertMetrics metrics,
      Duration renewalInfoEvery,
      Clock clock) {
    this.store = store;
    this.wanted = wanted;
    this.decider = decider;
    this.issuing = issuing;
    this.acme = acme;
    this.gate = gate;
    this.metrics = metrics;
    this.renewalInfoEvery = renewalInfoEvery;
    this.clock = clock;
  }

  @Override
  public Outcome reconcile(String name, Reconciliation r) throws InterruptedException {
    store.flush(name);
    Wanted want = wanted.wanted(name);
    Certificate current = store.certificate(name).orElse(null);
    return switch (decider.decide(want, current, clock.instant())) {
      case Decision.Nothing() -> Outcome.done();
      case Decision.Idle(Instant until) -> idle(want, current, until);
      case Decision.Backoff(Instant until) -> {
        announce(Records.chosen(current, want, clock.instant()), name);
        yield lookAgain(until);
      }
      case Decision.Keep(Instant until) -> {
        announce(Records.withoutOrder(current), name);
        yield lookAgain(until);
      }
      case Decision.Remove() -> {
        store.remove(name, wanted.correlationId(name));
        renewalInfoAt.remove(name);
        log.atInfo().addKeyValue("certificate", name).log("Certificate removed");
        yield Outcome.done();
      }
      case Decision.Refuse(String why) -> refuse(want, current, why);
      case Decision.Issue(String why, Certificate next) -> issue(want, next, why, r);
    };
  }

  private Outcome issue(Wanted want, Certificate next, String why, Reconciliation r)
      throws InterruptedException {
    String name = want.name();
    String cause = wanted.correlationId(name);
    Certificate start = Records.chosen(next, want, clock.instant());
    boolean byAcme = start.issuer().equals(Issuers.ACME) && acme != null;
    if (byAcme) {
      acme.announce();
      EdgeGate.Verdict verdict = gate.apply(clock.instant());
      if (verdict != EdgeGate.Verdict.OPEN) {
        String reason = Records.WAITING_FOR_EDGE;
        announce(Records.issuing(start, reason, verdict.message(), clock.instant()), name);
        return Outcome.retryAfter(GATE_POLL);
      }
    }
    log.atInfo()
        .addKeyValue("certificate", name)
        .addKeyValue("issuer", start.issuer())
        .addKeyValue("why", why)
        .addKeyValue("reconciliation", r.id())
        .log("Obtaining certificate");
    if (byAcme) {
      // The record must be there for the order to be written into.
      announce(Records.issuing(start, "Ordering", "", clock.instant()), name);
    }
    long began = System.nanoTime();
    try {
      Certificate issued = issuing.issue(start, cause);
      store.put(issued, start.revision() == 0 ? "obtained" : "renewed", cause);
      metrics.issued(start.issuer(), Duration.ofNanos(System.nanoTime() - began));
      log.atInfo()
          .addKeyValue("certificate", name)
          .addKeyValue("issuer", issued.issuer())
          .addKeyValue("revision", issued.revision())
          .addKeyValue("fingerprint", issued.fingerprint())
          .addKeyValue("notAfter", issued.notAfter())
          .log("Certificate obtained");
      return lookAgain(Decider.due(issued));
    } catch (IssueException e) {
      metrics.failed(start.issuer());
      return failed(start, e.failure(), cause, r);
    }
  }

  private Outcome failed(Certificate start, Failure failure, String cause, Reconciliation r) {
    Certificate now = store.certificate(start.name()).orElse(start);
    Certificate failed = Records.failed(now, failure, clock.instant());
    store.put(failed, "failed", cause);
    log.atWarn()
        .addKeyValue("certificate", failed.name())
        .addKeyValue("issuer", failed.issuer())
        .addKeyValue("reason", failure.reason())
        .addKeyValue("message", failure.message())
        .addKeyValue("attempts", failed.attempts())
        .addKeyValue("nextAttempt", failed.nextAttempt())
        .addKeyValue("reconciliation", r.id())
        .log("Certificate not obtained");
    return lookAgain(failed.nextAttempt());
  }

  private Outcome refuse(Wanted want, Certificate current, String why) {
    Certificate base = current == null ? Records.fresh(want) : current;
    Instant now = clock.instant();
    announce(Records.refused(Records.chosen(base, want, now), why, now), want.name());
    return Outcome.done();
  }

  private Outcome idle(Wanted want, Certificate current, Instant until) {
    Certificate chosen = Records.chosen(current, want, clock.instant());
    Certificate asked = chosen.issuer().equals(Issuers.ACME) ? withRenewalInfo(chosen) : chosen;
    announce(asked, want.name());
    return lookAgain(asked.equals(chosen) ? until : Decider.due(asked));
  }

  /** The record with the CA's word on the renewal, if it is time to ask for that. */
  private Certificate withRenewalInfo(Certificate certificate) {
    Instant now = clock.instant();
    String key = certificate.name();
    if (acme == null || now.isBefore(renewalInfoAt.getOrDefault(key, Instant.MIN))) {
      return certificate;
    }
    Duration next = renewalInfoEvery;
    try {
      Optional<AcmeIssuer.Suggestion> suggestion =
          acme.renewalInfo(Chain.parse(certificate.chain()).leaf());
      if (suggestion.isEmpty()) {
        return certificate;
      }
      next = bounded(suggestion.get().checkAfter());
      Instant due =
          Renewal.inWindow(
              suggestion.get().window(),
              certificate.notBefore(),
              certificate.notAfter(),
              certificate.fingerprint());
      return Records.renewAt(certificate, due);
    } catch (IssueException | CertificateException e) {
      log.atWarn()
          .addKeyValue("certificate", key)
          .addKeyValue("message", e.getMessage())
          .log("The CA could not be asked when to renew");
      return certificate;
    } finally {
      renewalInfoAt.put(key, now.plus(next));
    }
  }

  private Duration bounded(Duration checkAfter) {
    if (checkAfter == null || checkAfter.compareTo(LEAST_RENEWAL_INFO) < 0) {
      return checkAfter == null ? renewalInfoEvery : LEAST_RENEWAL_INFO;
    }
    return checkAfter.compareTo(MOST_RENEWAL_INFO) > 0 ? MOST_RENEWAL_INFO : checkAfter;
  }

  private void announce(Certificate certificate, String name) {
    store.put(certificate, "updated", wanted.correlationId(name));
  }

  private Outcome lookAgain(Instant when) {
    Duration delay = Duration.between(clock.instant(), when);
    if (delay.compareTo(SHORTEST) < 0) {
      return Outcome.retryAfter(SHORTEST);
    }
    return Outcome.retryAfter(delay.compareTo(LONGEST) > 0 ? LONGEST : delay);
  }
}
