package dev.skep.cert;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;

/**
 * {@code skep_certificates_issued_total{issuer,result}} with result {@code ok} or {@code failed},
 * and {@code skep_certificate_issue_seconds{issuer}}: how long an issuance took that went well.
 */
final class CertMetrics {
  private final MeterRegistry registry;

  CertMetrics(MeterRegistry registry, Collection<String> issuers) {
    this.registry = registry;
    for (String issuer : issuers) {
      counter(issuer, "ok");
      counter(issuer, "failed");
      timer(issuer);
    }
  }

  void issued(String issuer, Duration took) {
    counter(issuer, "ok").increment();
    timer(issuer).record(took);
  }

  void failed(String issuer) {
    counter(issuer, "failed").increment();
  }

  private Counter counter(String issuer, String result) {
    return Counter.builder("skep.certificates.issued")
        .description("Attempts to issue a certificate")
        .tag("issuer", issuer)
        .tag("result", result)
        .register(registry);
  }

  private Timer timer(String issuer) {
    return Timer.builder("skep.certificate.issue")
        .description("How long a successful issuance took")
        .tag("issuer", issuer)
        .register(registry);
  }
}
