package dev.skep.cert.acme;

import dev.skep.cert.IssueException;
import dev.skep.cert.Obtained;
import dev.skep.cert.pki.Chain;
import dev.skep.cert.policy.Failure;
import dev.skep.cert.policy.Failure.Kind;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;

/**
 * Brings one order from wherever it is to its certificate: look at the CA's word, do what it waits
 * for, look again. It remembers nothing, so that it goes on with an order of before a crash.
 *
 * <p>acme4j's own waiting is not used: it breaks on a Retry-After that has passed, which CAs send.
 */
final class OrderRun {
  /** For all of an order; CAs take seconds, and the order is taken up again later. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(30);

  private final Order order;
  private final KeyPair key;
  private final Pause pause;
  private final long deadline = System.nanoTime() + LIMIT.toNanos();
  private Duration wait = FIRST_WAIT;
  private boolean finalized;

  OrderRun(Order order, KeyPair key, Pause pause) {
    this.order = order;
    this.key = key;
    this.pause = pause;
  }

  /**
   * Runs the order to its end.
   *
   * @return the chain as the CA gave it, unchecked
   * @throws IssueException if the order failed, or takes longer than it is waited for
   */
  Obtained run() throws AcmeException, IssueException, InterruptedException {
    while (true) {
      Optional<Instant> retryAfter = order.fetch();
      switch (order.getStatus()) {
        case PENDING -> answerChallenges();
        case READY -> finish();
        case PROCESSING -> waitFor(retryAfter);
        case VALID -> {
          return new Obtained(new Chain(order.getCertificate().getCertificateChain()), key);
        }
        case INVALID -> throw invalid();
        default -> throw lost("OrderLost", "the CA says the order is " + order.getStatus());
      }
    }
  }

  private void finish() throws AcmeException, IssueException, InterruptedException {
    // An order that is ready again after it was finalized has only been read too early.
    if (finalized) {
      waitFor(Optional.empty());
      return;
    }
    order.execute(key);
    finalized = true;
    wait = FIRST_WAIT;
  }

  private void answerChallenges() throws AcmeException, IssueException, InterruptedException {
    Optional<Instant> retryAfter = Optional.empty();
    boolean open = false;
    for (Authorization authorization : order.getAuthorizations()) {
      Optional<Instant> its = authorization.fetch();
      if (authorization.getStatus() == Status.PENDING) {
        open = true;
        retryAfter = its.isPresent() ? its : retryAfter;
        trigger(authorization);
      } else if (authorization.getStatus() != Status.VALID) {
        throw invalid();
      }
    }
    // Without an open one, the order's own status is behind and follows soon.
    waitFor(open ? retryAfter : Optional.empty());
  }

  private static void trigger(Authorization authorization) throws AcmeException, IssueException {
    Http01Challenge challenge = challenge(authorization);
    if (!mustBeTriggered(authorization, challenge)) {
      return;
    }
    try {
      challenge.trigger();
    } catch (AcmeServerException e) {
      // What a run before a crash triggered can be decided between our look and our word; some CAs
      // then call the request malformed. What the CA says now tells the two apart.
      authorization.fetch();
      if (mustBeTriggered(authorization, challenge(authorization))) {
        throw e;
      }
    }
  }

  private static Http01Challenge challenge(Authorization authorization) throws IssueException {
    return authorization
        .findChallenge(Http01Challenge.class)
        .orElseThrow(
            () ->
                new IssueException(
                    Failure.terminal(
                        "NoHttp01",
                        "the CA does not offer the challenge http-01 for "
                            + authorization.getIdentifier().getValue())));
  }

  /** In any other state the CA has been told already: by this run, or by one before a crash. */
  private static boolean mustBeTriggered(Authorization authorization, Http01Challenge challenge) {
    return authorization.getStatus() == Status.PENDING && challenge.getStatus() == Status.PENDING;
  }

  private void waitFor(Optional<Instant> retryAfter) throws IssueException, InterruptedException {
    if (System.nanoTime() - deadline > 0) {
      throw new IssueException(
          Failure.retriable(
              "CaSlow", "the CA has not finished the order within " + LIMIT.toSeconds() + " s"));
    }
    Duration asked =
        retryAfter.map(then -> Duration.between(Instant.now(), then)).orElse(Duration.ZERO);
    Duration bounded = asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
    pause.pause(bounded.compareTo(wait) > 0 ? bounded : wait);
    Duration doubled = wait.multipliedBy(2);
    wait = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
  }

  /** The order failed; what the CA's checks saw is in the challenges. */
  private IssueException invalid() throws AcmeException {
    List<Authorization> failed =
        order.getAuthorizations().stream().filter(a -> a.getStatus() != Status.VALID).toList();
    if (failed.isEmpty()) {
      return lost(
          "OrderInvalid",
          "the CA refused the order: "
              + order.getError().map(AcmeFailures::describe).orElse("it did not say why"));
    }
    String what =
        failed.stream()
            .map(a -> a.getIdentifier().getValue() + ": " + error(a))
            .collect(Collectors.joining("; "));
    return lost(
        "ChallengeFailed",
        "the CA could not verify "
            + AcmeFailures.clean(what)
            + "; the name must lead to an edge, and port 80 must be open to the world");
  }

  private static String error(Authorization authorization) {
    return authorization.getChallenges().stream()
        .map(Challenge::getError)
        .flatMap(Optional::stream)
        .map(AcmeFailures::describe)
        .findFirst()
        .orElse("authorization " + authorization.getStatus());
  }

  private static IssueException lost(String reason, String message) {
    return new IssueException(new Failure(Kind.RETRIABLE, reason, message, null, true));
  }
}
