package dev.skep.runtime.kafka;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/** Says in words why a TLS connection to the broker did not come about. */
final class TlsFailure {
  private TlsFailure() {}

  /**
   * A failure's message; of a TLS failure, whose own message says nothing, the cause in words, and
   * whose certificate it is about.
   */
  static String text(Throwable failure) {
    if (!(failure instanceof SslAuthenticationException)) {
      return failure.getMessage();
    }
    String cause = deepest(failure);
    return "TLS failed, " + who(failure, cause) + " (" + cause + ")";
  }

  /** The message of the innermost cause, which is the one that knows. */
  static String deepest(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null && inner.getCause() != inner) {
      inner = inner.getCause();
    }
    // A file's name alone is no sentence.
    return inner.getMessage() == null
            || (inner instanceof IOException && !(inner instanceof SSLException))
        ? inner.getClass().getSimpleName() + ": " + inner.getMessage()
        : inner.getMessage();
  }

  private static String who(Throwable failure, String cause) {
    if (cause.contains("fatal alert")) {
      return "the broker refuses our certificate: see that it is of the broker's CA, has not"
          + " expired, and is what SKEP_KAFKA_SSL_KEYSTORE_LOCATION names";
    }
    if (cause.contains("No name matching") || cause.contains("No subject alternative")) {
      return "the broker's certificate is not for the name in SKEP_KAFKA_BOOTSTRAP";
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof GeneralSecurityException) {
        return "the broker's certificate is refused: see that it has not expired, and is of the"
            + " CA that SKEP_KAFKA_SSL_TRUSTSTORE_LOCATION names";
      }
    }
    return "no trust was established";
  }
}
