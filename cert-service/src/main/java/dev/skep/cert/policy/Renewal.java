package dev.skep.cert.policy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;

/**
 * When a certificate is renewed. The CA says it best (ARI, RFC 9773); without its word, when a
 * third of the lifetime is left, or half of one below 10 days (Let's Encrypt's advice). Whatever
 * was said: at a twentieth left it is an emergency (certmagic's rule).
 */
public final class Renewal {
  private static final Duration SHORT_LIVED = Duration.ofDays(10);

  /**
   * How young a certificate is never renewed on ARI's word: a CA whose windows always lie in the
   * past would otherwise be asked without end.
   */
  private static final Duration MIN_AGE = Duration.ofHours(6);

  private Renewal() {}

  /**
   * A renewal window as the CA suggests it.
   *
   * @param end after {@code start}
   */
  public record Window(Instant start, Instant end) {
    public Window {
      if (!end.isAfter(start)) {
        throw new IllegalArgumentException("the window ends at " + end + ", not after " + start);
      }
    }
  }

  /** When to renew without the CA's word. */
  public static Instant backstop(Instant notBefore, Instant notAfter) {
    Duration lifetime = Duration.between(notBefore, notAfter);
    return notAfter.minus(lifetime.dividedBy(lifetime.compareTo(SHORT_LIVED) < 0 ? 2 : 3));
  }

  /** From when on a renewal is due, whatever the CA suggested. */
  public static Instant emergency(Instant notBefore, Instant notAfter) {
    return notAfter.minus(Duration.between(notBefore, notAfter).dividedBy(20));
  }

  /**
   * The moment in the CA's window. It is drawn from the certificate and the window, so it is
   * uniform over certificates, and the same for as long as the window stands: nothing to remember,
   * and a restart does not draw again. Never later than the emergency.
   *
   * @param fingerprint of the certificate
   */
  public static Instant inWindow(
      Window window, Instant notBefore, Instant notAfter, String fingerprint) {
    Duration width = Duration.between(window.start(), window.end());
    long seconds = Math.max(1, width.toSeconds());
    String seed = fingerprint + '|' + window.start() + '|' + window.end();
    Instant drawn =
        window.start().plusSeconds(sha256(seed).mod(BigInteger.valueOf(seconds)).longValueExact());
    Duration lifetime = Duration.between(notBefore, notAfter);
    Duration minAge = min(MIN_AGE, lifetime.dividedBy(2));
    Instant earliest = notBefore.plus(minAge);
    Instant latest = emergency(notBefore, notAfter);
    Instant due = drawn.isBefore(earliest) ? earliest : drawn;
    return due.isAfter(latest) ? latest : due;
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static BigInteger sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return new BigInteger(1, digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
