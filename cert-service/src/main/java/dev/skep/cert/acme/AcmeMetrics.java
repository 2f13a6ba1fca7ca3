package dev.skep.cert.acme;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * {@code skep_acme_requests_total{result}}: HTTP requests to the CA by how they ended: {@code ok}
 * (below 400), {@code rejected} (4xx), {@code rate_limited} (429), {@code server_error} (5xx),
 * {@code unanswered}.
 */
final class AcmeMetrics {
  private final MeterRegistry registry;

  AcmeMetrics(MeterRegistry registry) {
    this.registry = registry;
    // All of them from the start: a rate of what is not there is not zero but nothing.
    for (int status : new int[] {200, 400, 429, 500}) {
      counter(result(status));
    }
    counter("unanswered");
  }

  void answered(int status) {
    counter(result(status)).increment();
  }

  void unanswered() {
    counter("unanswered").increment();
  }

  private static String result(int status) {
    if (status < 400) {
      return "ok";
    }
    if (status == 429) {
      return "rate_limited";
    }
    return status < 500 ? "rejected" : "server_error";
  }

  private Counter counter(String result) {
    return Counter.builder("skep.acme.requests")
        .description("HTTP requests to the ACME CA, by how they ended")
        .tag("result", result)
        .register(registry);
  }
}
