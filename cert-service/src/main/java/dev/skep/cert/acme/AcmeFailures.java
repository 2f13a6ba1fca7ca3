package dev.skep.cert.acme;

import dev.skep.cert.policy.Failure;
import dev.skep.cert.policy.Failure.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeNotSupportedException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** What acme4j throws, as failures: which pass by themselves, and which someone must put right. */
final class AcmeFailures {
  private static final String PREFIX = "urn:ietf:params:acme:error:";
  private static final int MAX_MESSAGE = 500;

  /** Problem types (RFC 8555, 6.7) that the same request will meet again. */
  private static final Set<String> TERMINAL =
      Set.of(
          "badCSR",
          "badPublicKey",
          "badSignatureAlgorithm",
          "caa",
          "externalAccountRequired",
          "invalidContact",
          "malformed",
          "rejectedIdentifier",
          "unsupportedContact",
          "unsupportedIdentifier",
          "userActionRequired",
          "invalidProfile");

  /** Problem types that leave the order as it is. */
  private static final Set<String> PASSING = Set.of("badNonce", "serverInternal", "orderNotReady");

  private AcmeFailures() {}

  /** The failure behind {@code thrown}. */
  static Failure of(Throwable thrown, Instant now) {
    return switch (thrown) {
      case AcmeRateLimitedException e ->
          new Failure(
              Kind.RETRIABLE,
              "RateLimited",
              "the CA limits us: " + describe(e.getProblem()),
              e.getRetryAfter().map(then -> until(now, then)).orElse(null),
              false);
      case AcmeServerException e -> ofProblem(e.getProblem());
      case AcmeNetworkException e -> ofNetwork(e);
      case AcmeLazyLoadingException e when e.getCause() instanceof AcmeException cause ->
          of(cause, now);
      case AcmeNotSupportedException e ->
          Failure.terminal("NotSupported", "the CA does not offer this: " + clean(e.getMessage()));
      default ->
          Failure.retriable(
              "CaMisunderstood", "the CA's answer was not understood: " + clean(thrown.toString()));
    };
  }

  /** Whether the CA does not know the account (any more). */
  static boolean accountIsUnknown(Throwable thrown) {
    return switch (thrown) {
      case AcmeServerException e -> type(e.getProblem()).equals("accountDoesNotExist");
      case AcmeLazyLoadingException e when e.getCause() != null -> accountIsUnknown(e.getCause());
      default -> false;
    };
  }

  /** Whether the CA answered and refused, as opposed to being busy, slow or away. */
  static boolean refused(Throwable thrown) {
    return switch (thrown) {
      case AcmeRateLimitedException e -> false;
      case AcmeServerException e -> !PASSING.contains(type(e.getProblem()));
      case AcmeLazyLoadingException e when e.getCause() != null -> refused(e.getCause());
      default -> false;
    };
  }

  /** A problem in one line of bounded length. */
  static String describe(Problem problem) {
    Stream<String> own = Stream.of(problem.getDetail().or(problem::getTitle).orElse(type(problem)));
    Stream<String> below =
        problem.getSubProblems().stream().map(p -> p.getDetail().orElse(type(p)));
    return clean(
        Stream.concat(own, below).collect(Collectors.joining("; ")) + " (" + type(problem) + ")");
  }

  private static Failure ofProblem(Problem problem) {
    String type = type(problem);
    String reason =
        switch (type) {
          case "caa" -> "CaaForbids";
          case "rejectedIdentifier", "unsupportedIdentifier" -> "NameRejected";
          case "userActionRequired" -> "UserActionRequired";
          case "externalAccountRequired" -> "ExternalAccountRequired";
          case "badNonce", "serverInternal" -> "CaUnavailable";
          case "accountDoesNotExist" -> "AccountUnknown";
          default -> "CaRefused";
        };
    String message = "the CA answered: " + describe(problem);
    return TERMINAL.contains(type)
        ? Failure.terminal(reason, message)
        : new Failure(Kind.RETRIABLE, reason, message, null, !PASSING.contains(type));
  }

  private static Failure ofNetwork(AcmeNetworkException e) {
    if (e.getCause() instanceof ServerBusyException busy) {
      String reason = busy.status() == 429 ? "RateLimited" : "CaUnavailable";
      return new Failure(
          Kind.RETRIABLE,
          reason,
          "the CA answered: " + clean(busy.getMessage()),
          busy.retryAfter(),
          false);
    }
    if (e.getCause() instanceof SSLException tls) {
      return Failure.retriable(
          "CaUntrusted",
          "no trusted TLS connection to the CA: "
              + clean(tls.getMessage())
              + "; for a private CA, set SKEP_ACME_CA_FILE to its root");
    }
    return Failure.retriable(
        "CaUnreachable", "the CA cannot be reached: " + clean(String.valueOf(e.getCause())));
  }

  private static String type(Problem problem) {
    URI type = problem.getType();
    String text = type == null ? "" : type.toString();
    return text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
  }

  private static Duration until(Instant now, Instant then) {
    return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
  }

  /** A CA's words go into logs and conditions: no line breaks, no end of them. */
  static String clean(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > MAX_MESSAGE ? line.substring(0, MAX_MESSAGE) + "..." : line;
  }
}
