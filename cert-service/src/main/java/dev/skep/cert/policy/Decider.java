package dev.skep.cert.policy;

import dev.skep.cert.policy.Decision.Backoff;
import dev.skep.cert.policy.Decision.Idle;
import dev.skep.cert.policy.Decision.Issue;
import dev.skep.cert.policy.Decision.Keep;
import dev.skep.cert.policy.Decision.Nothing;
import dev.skep.cert.policy.Decision.Refuse;
import dev.skep.cert.policy.Decision.Remove;
import dev.skep.model.cert.Certificate;
import java.time.Instant;

/**
 * Compares what is wanted with what there is.
 *
 * @param edgeKeyId the key to which leaf keys are sealed now: one that is sealed to another may be
 *     unreadable for the edges, and cert-service cannot open it to seal it again
 */
public record Decider(String edgeKeyId) {

  /**
   * What is to be done.
   *
   * @param wanted null if nobody wants it
   * @param current null if there is no record of it
   */
  public Decision decide(Wanted wanted, Certificate current, Instant now) {
    if (wanted == null) {
      return unwanted(current, now);
    }
    if (wanted.refusal() != null) {
      return new Refuse(wanted.refusal());
    }
    if (current == null) {
      return new Issue("New", Records.fresh(wanted));
    }
    if (!current.issuer().equals(wanted.issuer())) {
      return new Issue("IssuerChanged", Records.movedTo(current, wanted.issuer(), now));
    }
    String why = need(current, now);
    if (why == null) {
      return new Idle(due(current));
    }
    if (current.nextAttempt() != null && current.nextAttempt().isAfter(now)) {
      return new Backoff(current.nextAttempt());
    }
    return new Issue(why, current);
  }

  private static Decision unwanted(Certificate current, Instant now) {
    if (current == null) {
      return new Nothing();
    }
    return valid(current, now) ? new Keep(current.notAfter()) : new Remove();
  }

  private String need(Certificate current, Instant now) {
    if (current.revision() == 0) {
      return "New";
    }
    if (!current.notAfter().isAfter(now)) {
      return "Expired";
    }
    if (!current.privateKey().keyId().equals(edgeKeyId)) {
      return "EdgeKeyChanged";
    }
    return due(current).isAfter(now) ? null : "Due";
  }

  /** When the certificate, which is issued, is to be renewed. */
  public static Instant due(Certificate current) {
    Instant emergency = Renewal.emergency(current.notBefore(), current.notAfter());
    return current.renewAt() == null || current.renewAt().isAfter(emergency)
        ? emergency
        : current.renewAt();
  }

  /** Whether there is a certificate that a client would accept at {@code now}. */
  public static boolean valid(Certificate current, Instant now) {
    return current.revision() > 0 && current.notAfter().isAfter(now);
  }
}
