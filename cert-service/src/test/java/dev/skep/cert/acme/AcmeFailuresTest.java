package dev.skep.cert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.cert.policy.Failure;
import dev.skep.cert.policy.Failure.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.toolbox.JSON;

class AcmeFailuresTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "caa, CaaForbids, TERMINAL",
    "rejectedIdentifier, NameRejected, TERMINAL",
    "userActionRequired, UserActionRequired, TERMINAL",
    "externalAccountRequired, ExternalAccountRequired, TERMINAL",
    "malformed, CaRefused, TERMINAL",
    "badNonce, CaUnavailable, RETRIABLE",
    "serverInternal, CaUnavailable, RETRIABLE",
    "connection, CaRefused, RETRIABLE",
    "accountDoesNotExist, AccountUnknown, RETRIABLE",
  })
  void each_problem_passes_by_itself_or_does_not(String type, String reason, Kind kind)
      throws Exception {
    Failure failure = AcmeFailures.of(new AcmeServerException(problem(type, "no")), NOW);

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.message()).contains("no (" + type + ")");
  }

  @Test
  void a_busy_ca_keeps_the_order_and_names_its_time() {
    AcmeException busy =
        new AcmeNetworkException(new ServerBusyException(503, "", Duration.ofSeconds(7)));

    Failure failure = AcmeFailures.of(busy, NOW);

    assertThat(failure)
        .isEqualTo(
            new Failure(
                Kind.RETRIABLE,
                "CaUnavailable",
                "the CA answered: HTTP 503",
                Duration.ofSeconds(7),
                false));
  }

  @Test
  void a_rate_limit_names_its_time() throws Exception {
    AcmeException limited =
        new AcmeRateLimitedException(
            problem("rateLimited", "too many"), NOW.plusSeconds(90), List.of());

    Failure failure = AcmeFailures.of(limited, NOW);

    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(90));
    assertThat(failure.orderLost()).isFalse();
  }

  @Test
  void a_directory_that_is_not_trusted_says_what_to_set() {
    Failure failure =
        AcmeFailures.of(new AcmeNetworkException(new SSLHandshakeException("PKIX")), NOW);

    assertThat(failure.reason()).isEqualTo("CaUntrusted");
    assertThat(failure.message()).contains("SKEP_ACME_CA_FILE");
  }

  @Test
  void a_directory_that_cannot_be_reached_is_tried_again() {
    Failure failure = AcmeFailures.of(new AcmeNetworkException(new IOException("refused")), NOW);

    assertThat(failure.reason()).isEqualTo("CaUnreachable");
    assertThat(failure.kind()).isEqualTo(Kind.RETRIABLE);
  }

  @Test
  void a_cas_words_are_one_line_of_bounded_length() {
    String cleaned = AcmeFailures.clean("a\r\nb\u0007" + "x".repeat(1000));

    assertThat(cleaned).startsWith("a b x").hasSize(503);
  }

  @ParameterizedTest
  @CsvSource({
    "120, PT2M",
    "'Sun, 01 Mar 2026 12:01:00 GMT', PT1M",
    "'Sun, 01 Mar 2026 11:00:00 GMT', PT0S",
    "soon,",
    "-5,",
  })
  void retry_after_is_seconds_or_a_date(String header, Duration expected) {
    Duration parsed = RetryAfter.parse(header, NOW);

    assertThat(parsed).isEqualTo(expected);
  }

  private static Problem problem(String type, String detail) throws Exception {
    URL base = URI.create("https://ca.example.org/").toURL();
    String json =
        "{\"type\":\"urn:ietf:params:acme:error:%s\",\"detail\":\"%s\"}".formatted(type, detail);
    return new Problem(JSON.parse(json), base);
  }
}
