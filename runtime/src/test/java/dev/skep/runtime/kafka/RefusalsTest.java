package dev.skep.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SignatureException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class RefusalsTest {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final Refusals refusals = new Refusals(nanos::get);

  @Test
  void theSameIsSaidOnceAMinute() {
    assertThat(refusals.due("a")).isTrue();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
    assertThat(refusals.due("a")).isFalse();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(refusals.due("a")).isTrue();
    assertThat(refusals.due("a")).isFalse();
  }

  @Test
  void anotherRefusalIsSaidAtOnce() {
    assertThat(refusals.due("a")).isTrue();
    assertThat(refusals.due("b")).isTrue();
  }

  @Test
  void aRefusedCertificateSaysWhose() {
    SSLHandshakeException alert =
        new SSLHandshakeException("Received fatal alert: certificate_expired");
    SSLHandshakeException signature = new SSLHandshakeException("no");
    signature.initCause(new SignatureException("Signature does not match."));
    SSLHandshakeException name =
        new SSLHandshakeException("No subject alternative DNS name matching kafka found.");

    assertThat(refused(alert)).contains("refuses our certificate", "certificate_expired");
    assertThat(refused(signature))
        .contains("the broker's certificate is refused", "Signature does not match");
    assertThat(refused(name)).contains("is not for the name in SKEP_KAFKA_BOOTSTRAP");
  }

  @Test
  void aMissingRightSaysWhoGivesIt() {
    assertThat(Refusals.reason(new TopicAuthorizationException("no right")))
        .isEqualTo("no right (skep kafka-init gives every service its rights)");
  }

  @Test
  void aBrokerThatDoesNotAnswerRefusesNothing() {
    assertThat(Refusals.reason(new PublishException("no answer", new TimeoutException("late"))))
        .isNull();
  }

  private static String refused(SSLHandshakeException cause) {
    Throwable failure =
        new PublishException("x", new SslAuthenticationException("SSL handshake failed", cause));
    assertThat(Refusals.ofTrust(failure)).isTrue();
    return Refusals.reason(failure);
  }
}
