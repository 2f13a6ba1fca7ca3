package dev.skep.cert.policy;

import dev.skep.model.Condition;
import dev.skep.model.Sealed;
import dev.skep.model.cert.Certificate;
import java.time.Instant;
import java.util.List;

/** The steps of a certificate's record. Each gives a new record; none changes what is served. */
public final class Records {
  /** The condition type that says whether an issuance is under way, or why it failed. */
  public static final String ISSUING = "Issuing";

  /** The condition type that says whether the issuer is the one that the labels name. */
  public static final String ISSUER_AS_ASKED = "IssuerAsAsked";

  /** The reason of {@link #ISSUING} while no edge answers challenges. */
  public static final String WAITING_FOR_EDGE = "WaitingForEdge";

  private Records() {}

  /** A record of a certificate that was never issued. */
  public static Certificate fresh(Wanted wanted) {
    return new Certificate(
        wanted.name(),
        List.of(wanted.name()),
        wanted.issuer(),
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        null,
        List.of());
  }

  /** Another issuer is to issue it, at once; until then the old certificate is served. */
  public static Certificate movedTo(Certificate c, String issuer, Instant now) {
    return of(c, issuer, c.revision() == 0 ? null : now, null, null, 0, null, c.conditions());
  }

  /** An order was made at the CA. */
  public static Certificate ordered(Certificate c, String order, Sealed orderKey) {
    return of(
        c, c.issuer(), c.renewAt(), order, orderKey, c.attempts(), c.nextAttempt(), c.conditions());
  }

  /** The order under way is given up. */
  public static Certificate withoutOrder(Certificate c) {
    return ordered(c, null, null);
  }

  /** The CA changed its mind on when to renew. */
  public static Certificate renewAt(Certificate c, Instant renewAt) {
    return of(
        c,
        c.issuer(),
        renewAt,
        c.order(),
        c.orderKey(),
        c.attempts(),
        c.nextAttempt(),
        c.conditions());
  }

  /** A certificate was issued. */
  public static Certificate issued(Certificate c, Issued issued, Instant now) {
    List<Condition> conditions =
        Condition.with(
            Condition.with(
                c.conditions(),
                Condition.isTrue(
                    Certificate.READY,
                    "Issued",
                    "issued by %s, valid until %s".formatted(c.issuer(), issued.notAfter()),
                    now)),
            Condition.isFalse(ISSUING, "Done", "", now));
    return new Certificate(
        c.name(),
        c.names(),
        c.issuer(),
        c.revision() + 1,
        issued.chain(),
        issued.privateKey(),
        issued.fingerprint(),
        issued.serial(),
        issued.notBefore(),
        issued.notAfter(),
        Renewal.backstop(issued.notBefore(), issued.notAfter()),
        null,
        null,
        0,
        null,
        conditions);
  }

  /** An attempt failed. */
  public static Certificate failed(Certificate c, Failure failure, Instant now) {
    int attempts = c.attempts() + 1;
    Instant next = now.plus(RetryTable.delay(attempts, failure));
    String message =
        "attempt %d failed: %s; next attempt at %s".formatted(attempts, failure.message(), next);
    List<Condition> conditions =
        Condition.with(
            withReady(c, failure.reason(), message, now),
            Condition.isFalse(ISSUING, failure.reason(), message, now));
    boolean drop = failure.orderLost();
    return of(
        c,
        c.issuer(),
        c.renewAt(),
        drop ? null : c.order(),
        drop ? null : c.orderKey(),
        attempts,
        next,
        conditions);
  }

  /** It is not tried at all. */
  public static Certificate refused(Certificate c, String why, Instant now) {
    List<Condition> conditions =
        Condition.with(
            withReady(c, "Refused", why, now), Condition.isFalse(ISSUING, "Refused", why, now));
    return of(c, c.issuer(), c.renewAt(), null, null, 0, null, conditions);
  }

  /** An issuance is under way. */
  public static Certificate issuing(Certificate c, String reason, String message, Instant now) {
    List<Condition> conditions =
        Condition.with(
            withReady(c, reason, message, now), Condition.isTrue(ISSUING, reason, message, now));
    return with(c, conditions);
  }

  /** Whether its order has not been made because no edge answers challenges yet. */
  public static boolean waitsForEdge(Certificate c) {
    return c.conditions().stream()
        .anyMatch(k -> k.type().equals(ISSUING) && k.reason().equals(WAITING_FOR_EDGE));
  }

  /** Says which issuer was chosen, and why. */
  public static Certificate chosen(Certificate c, Wanted wanted, Instant now) {
    Condition condition =
        wanted.choice().asked()
            ? Condition.isTrue(ISSUER_AS_ASKED, wanted.choice().reason(), wanted.explanation(), now)
            : Condition.isFalse(
                ISSUER_AS_ASKED, wanted.choice().reason(), wanted.explanation(), now);
    return with(c, Condition.with(c.conditions(), condition));
  }

  /** {@code Ready} as it is now: a certificate that is valid stays ready while others are tried. */
  private static List<Condition> withReady(
      Certificate c, String reason, String message, Instant now) {
    if (Decider.valid(c, now)) {
      return c.conditions();
    }
    String why = c.revision() > 0 ? "Expired" : reason;
    return Condition.with(c.conditions(), Condition.isFalse(Certificate.READY, why, message, now));
  }

  private static Certificate with(Certificate c, List<Condition> conditions) {
    return of(
        c,
        c.issuer(),
        c.renewAt(),
        c.order(),
        c.orderKey(),
        c.attempts(),
        c.nextAttempt(),
        conditions);
  }

  private static Certificate of(
      Certificate c,
      String issuer,
      Instant renewAt,
      String order,
      Sealed orderKey,
      int attempts,
      Instant nextAttempt,
      List<Condition> conditions) {
    return new Certificate(
        c.name(),
        c.names(),
        issuer,
        c.revision(),
        c.chain(),
        c.privateKey(),
        c.fingerprint(),
        c.serial(),
        c.notBefore(),
        c.notAfter(),
        renewAt,
        order,
        orderKey,
        attempts,
        nextAttempt,
        conditions);
  }
}
