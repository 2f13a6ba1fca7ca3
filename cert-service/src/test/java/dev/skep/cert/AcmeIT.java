package dev.skep.cert;

import static dev.skep.cert.support.Suite.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.skep.cert.acme.AcmeSettings;
import dev.skep.cert.pki.Chain;
import dev.skep.cert.policy.Records;
import dev.skep.cert.support.AcmeFaultProxy;
import dev.skep.cert.support.AnsweringEdge;
import dev.skep.cert.support.Suite;
import dev.skep.model.cert.Certificate;
import dev.skep.model.cert.Issuer;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.Pebble;
import dev.skep.testing.Ports;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.WithKafka;
import io.micrometer.core.instrument.Counter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real Pebble; every name leads to a responder that knows the issuer's record alone. */
@WithKafka
@RequiresCommand({"pebble", "pebble-challtestsrv"})
class AcmeIT {
  private static final String NAME = "whoami.localhost";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path dir;

  private final int httpPort = Ports.free();
  private Suite suite;
  private Pebble pebble;
  private AnsweringEdge edge;

  @BeforeEach
  void open(KafkaTest kafka) {
    kafka.wipe();
    suite = new Suite(kafka);
  }

  @AfterEach
  void close() {
    suite.stop();
    if (edge != null) {
      edge.close();
    }
    if (pebble != null) {
      pebble.close();
    }
    suite.close();
  }

  @Test
  void a_route_gets_a_certificate_that_the_ca_issued() throws Exception {
    startPebble("0");
    startEdge();
    suite.start(config(pebble.directoryUrl()));

    suite.route("r", NAME, "letsencrypt");

    Certificate certificate = suite.awaitRevision(NAME, 1);
    Chain chain = Chain.parse(certificate.chain());
    assertThat(chain.certificates()).hasSize(2);
    assertThatCode(
            () ->
                chain
                    .certificates()
                    .getLast()
                    .verify(Chain.parse(pebble.rootPem()).leaf().getPublicKey()))
        .doesNotThrowAnyException();
    assertThat(certificate.issuer()).isEqualTo("acme");
    assertThat(certificate.order()).isNull();
    assertThat(certificate.orderKey()).isNull();
    assertThat(suite.edge.open(certificate.privateKey(), Certificate.sealingContext(NAME, 1)))
        .isNotEmpty();
    assertThat(counted("ok")).isGreaterThan(5);
  }

  @Test
  void names_without_number_share_one_account_and_are_ordered_once_each() {
    startPebble("0");
    startEdge();
    suite.start(config(pebble.directoryUrl()));

    for (int i = 0; i < 12; i++) {
      suite.route("r" + i, "n" + i + ".localhost", null);
    }

    for (int i = 0; i < 12; i++) {
      suite.awaitRevision("n" + i + ".localhost", 1);
    }
    assertThat(pebble.orders()).isEqualTo(12);
    assertThat(pebble.accountRequests()).isEqualTo(1);
  }

  @Test
  void rejected_nonces_do_not_fail_an_order() {
    startPebble("40");
    startEdge();
    suite.start(config(pebble.directoryUrl()));

    suite.route("r", NAME, null);

    Certificate certificate = suite.awaitRevision(NAME, 1);
    assertThat(certificate.attempts()).isZero();
    assertThat(counted("rejected")).as("rejected nonces").isPositive();
  }

  @Test
  void no_order_is_made_before_an_edge_answers_challenges() {
    startPebble("0");
    suite.start(config(pebble.directoryUrl()));
    suite.route("r", NAME, null);
    suite.awaitCertificate(NAME, c -> "WaitingForEdge".equals(reason(c, Records.ISSUING)));
    assertThat(pebble.orders()).isZero();

    startEdge();

    assertThat(suite.awaitRevision(NAME, 1).attempts()).isZero();
    assertThat(pebble.orders()).isEqualTo(1);
  }

  @Test
  void an_order_that_a_crash_interrupted_is_resumed_and_not_made_again() {
    startPebble("0");
    startEdge();
    edge.hold();
    suite.start(config(pebble.directoryUrl()));
    suite.route("r", NAME, null);
    Certificate under = suite.awaitCertificate(NAME, c -> c.order() != null);
    await().atMost(LIMIT).until(() -> edge.asked() > 0);
    suite.stop();

    suite.start(config(pebble.directoryUrl()));
    edge.release();

    Certificate issued = suite.awaitRevision(NAME, 1);
    assertThat(under.revision()).isZero();
    assertThat(issued.attempts()).isZero();
    assertThat(pebble.orders()).isEqualTo(1);
    assertThat(pebble.accountRequests()).isEqualTo(1);
  }

  @Test
  void a_restart_orders_nothing_anew() {
    startPebble("0");
    startEdge();
    suite.start(config(pebble.directoryUrl()));
    suite.route("r", NAME, null);
    Certificate before = suite.awaitRevision(NAME, 1);

    suite.start(config(pebble.directoryUrl()));
    suite.route("r2", "other.localhost", null);

    suite.awaitRevision("other.localhost", 1);
    assertThat(suite.certificate(NAME)).isEqualTo(before);
    assertThat(pebble.orders()).isEqualTo(2);
    assertThat(pebble.accountRequests()).isEqualTo(1);
  }

  @Test
  void an_account_that_the_ca_lost_is_registered_anew_with_the_same_key() {
    startPebble("0");
    startEdge();
    suite.start(config(pebble.directoryUrl()));
    suite.route("r", NAME, null);
    suite.awaitRevision(NAME, 1);
    Issuer before = suite.issuer("acme");
    pebble.restart();

    suite.route("r2", "other.localhost", null);

    assertThat(suite.awaitRevision("other.localhost", 1).attempts()).isZero();
    assertThat(suite.issuer("acme").thumbprint()).isEqualTo(before.thumbprint());
    assertThat(suite.issuer("acme").account()).isNotEqualTo(before.account());
    assertThat(pebble.accountRequests()).isEqualTo(2);
  }

  @Test
  void another_directory_issues_every_certificate_anew() {
    startPebble("0");
    startEdge();
    suite.start(config(pebble.directoryUrl()));
    suite.route("r", NAME, null);
    suite.awaitRevision(NAME, 1);
    suite.stop();
    URI byAddress = URI.create("https://127.0.0.1:" + pebble.directoryUrl().getPort() + "/dir");

    suite.start(config(byAddress));

    Certificate second = suite.awaitRevision(NAME, 2);
    assertThat(second.issuer()).isEqualTo("acme");
    assertThat(suite.issuer("acme").directory()).isEqualTo(byAddress.toString());
  }

  @Test
  void a_name_that_moves_from_the_internal_ca_to_acme_is_served_in_between() {
    startPebble("0");
    startEdge();
    suite.start(Suite.internal());
    suite.route("r", NAME, null);
    Certificate internal = suite.awaitRevision(NAME, 1);
    edge.hold();

    suite.start(config(pebble.directoryUrl()));
    Certificate moving = suite.awaitCertificate(NAME, c -> c.order() != null);
    edge.release();

    assertThat(moving.chain()).isEqualTo(internal.chain());
    assertThat(moving.revision()).isEqualTo(1);
    assertThat(suite.awaitRevision(NAME, 2).issuer()).isEqualTo("acme");
  }

  @Test
  void a_challenge_that_fails_is_told_with_what_to_do_and_tried_again_in_its_time() {
    startPebble("0");
    // Nothing listens where the CA looks.
    suite.start(impatient(config(pebble.directoryUrl())));

    suite.route("r", NAME, null);

    Certificate failed = suite.awaitCertificate(NAME, c -> c.attempts() == 1);
    assertThat(reason(failed, Records.ISSUING)).isEqualTo("ChallengeFailed");
    assertThat(reason(failed, Certificate.READY)).isEqualTo("ChallengeFailed");
    assertThat(failed.conditions().toString()).contains(NAME, "port 80", "next attempt at");
    assertThat(failed.order()).isNull();
    assertThat(Duration.between(suite.clock.instant(), failed.nextAttempt()))
        .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  @Test
  void a_failed_name_is_issued_once_the_time_has_come() {
    startPebble("0");
    suite.start(impatient(config(pebble.directoryUrl())));
    suite.route("r", NAME, null);
    suite.awaitCertificate(NAME, c -> c.attempts() == 1);
    startEdge();

    suite.clock.move(Duration.ofMinutes(2));

    Certificate issued = suite.awaitRevision(NAME, 1);
    assertThat(issued.attempts()).isZero();
    assertThat(issued.nextAttempt()).isNull();
    assertThat(pebble.orders()).isEqualTo(2);
  }

  @Test
  void a_directory_that_is_not_trusted_is_told_with_what_to_set() {
    startPebble("0");
    startEdge();
    suite.start(Suite.acme(new AcmeSettings(pebble.directoryUrl(), null, null, null)));

    suite.route("r", NAME, null);

    Certificate failed = suite.awaitCertificate(NAME, c -> c.attempts() == 1);
    assertThat(reason(failed, Records.ISSUING)).isEqualTo("CaUntrusted");
    assertThat(failed.conditions().toString()).contains("SKEP_ACME_CA_FILE");
    assertThat(counted("unanswered")).isPositive();
  }

  @Test
  void a_certificate_is_renewed_when_a_third_of_its_life_is_left() {
    startPebble("0");
    startEdge();
    suite.start(config(pebble.directoryUrl()));
    suite.route("r", NAME, null);
    Certificate first = suite.awaitRevision(NAME, 1);

    suite.clock.move(Duration.between(suite.clock.instant(), first.renewAt()));

    Certificate second = suite.awaitRevision(NAME, 2);
    assertThat(second.fingerprint()).isNotEqualTo(first.fingerprint());
  }

  @Test
  void a_busy_ca_is_left_alone_for_as_long_as_it_asks_simulated() throws Exception {
    startPebble("0");
    startEdge();
    try (AcmeFaultProxy proxy = new AcmeFaultProxy(pebble)) {
      proxy.fail("/order-plz", 1, 503, "3600");
      suite.start(config(proxy.directoryUrl()));
      suite.route("r", NAME, null);
      Certificate busy = suite.awaitCertificate(NAME, c -> c.attempts() == 1);
      assertThat(reason(busy, Records.ISSUING)).isEqualTo("CaUnavailable");
      assertThat(Duration.between(suite.clock.instant(), busy.nextAttempt()))
          .isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
      assertThat(proxy.asked("/order-plz")).isEqualTo(1);

      suite.clock.move(Duration.ofHours(1));

      suite.awaitRevision(NAME, 1);
      assertThat(proxy.asked("/order-plz")).isEqualTo(2);
      suite.stop();
    }
  }

  @Test
  void a_limit_in_the_middle_of_an_order_resumes_that_order_simulated() throws Exception {
    startPebble("0");
    startEdge();
    try (AcmeFaultProxy proxy = new AcmeFaultProxy(pebble)) {
      proxy.fail("/finalize-order/", 1, 429, "1");
      suite.start(config(proxy.directoryUrl()));

      suite.route("r", NAME, null);

      suite.awaitRevision(NAME, 1);
      assertThat(proxy.orders).hasSize(1);
      assertThat(proxy.asked("/finalize-order/")).isEqualTo(2);
      assertThat(counted("rate_limited")).isEqualTo(1);
      suite.stop();
    }
  }

  @Test
  void a_challenge_that_was_answered_in_the_meantime_fails_no_order_simulated() throws Exception {
    startPebble("0");
    startEdge();
    try (AcmeFaultProxy proxy = new AcmeFaultProxy(pebble)) {
      proxy.overtake("/chalZ/", 1);
      suite.start(config(proxy.directoryUrl()));

      suite.route("r", NAME, null);

      assertThat(suite.awaitRevision(NAME, 1).attempts()).isZero();
      assertThat(proxy.orders).hasSize(1);
      assertThat(proxy.asked("/chalZ/")).isEqualTo(1);
      suite.stop();
    }
  }

  @Test
  void a_certificate_that_was_issued_but_not_fetched_is_fetched_after_a_restart_simulated()
      throws Exception {
    startPebble("0");
    startEdge();
    try (AcmeFaultProxy proxy = new AcmeFaultProxy(pebble)) {
      proxy.fail("/certZ/", 1, 503, "3600");
      suite.start(config(proxy.directoryUrl()));
      suite.route("r", NAME, null);
      Certificate failed = suite.awaitCertificate(NAME, c -> c.attempts() == 1);
      assertThat(failed.order()).isNotNull();
      suite.clock.move(Duration.ofHours(2));

      suite.start(config(proxy.directoryUrl()));

      assertThat(suite.awaitRevision(NAME, 1).attempts()).isZero();
      assertThat(proxy.orders).hasSize(1);
      assertThat(proxy.asked("/finalize-order/")).isEqualTo(1);
      suite.stop();
    }
  }

  @Test
  void the_cas_word_on_the_renewal_is_followed_and_the_renewal_names_what_it_replaces_simulated()
      throws Exception {
    startPebble("0");
    startEdge();
    try (AcmeFaultProxy proxy = new AcmeFaultProxy(pebble)) {
      Instant start = suite.clock.instant().plus(Duration.ofDays(30));
      proxy.suggest(new AcmeFaultProxy.Window(start, start.plus(Duration.ofDays(1))));
      suite.start(config(proxy.directoryUrl()));
      suite.route("r", NAME, null);
      Certificate told =
          suite.awaitCertificate(
              NAME, c -> c.revision() == 1 && !c.renewAt().isAfter(start.plus(Duration.ofDays(1))));
      assertThat(told.renewAt()).isAfterOrEqualTo(start.minusSeconds(1));

      suite.clock.move(Duration.ofDays(32));

      suite.awaitRevision(NAME, 2);
      assertThat(proxy.orders).hasSize(2);
      assertThat(proxy.orders.getFirst().has("replaces")).isFalse();
      assertThat(proxy.orders.getLast().path("replaces").asText()).contains(".");
      suite.stop();
    }
  }

  private void startPebble(String rejectedNoncesPercent) {
    pebble =
        Pebble.in(dir.resolve("pebble"))
            .httpPort(httpPort)
            .with("PEBBLE_WFE_NONCEREJECT", rejectedNoncesPercent)
            .start();
  }

  private void startEdge() {
    try {
      edge = AnsweringEdge.start(suite.platform, httpPort);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private CertConfig config(URI directory) {
    return Suite.acme(new AcmeSettings(directory, "ops@example.org", pebble.caFile(), null));
  }

  /** Orders though no edge says that it answers. */
  private static CertConfig impatient(CertConfig c) {
    return new CertConfig(
        c.acme(),
        c.defaultIssuer(),
        c.names(),
        c.internalLifetime(),
        Duration.ZERO,
        c.renewalInfoEvery(),
        c.resync(),
        c.parallelism());
  }

  private double counted(String result) {
    Counter counter =
        suite.platform.metrics().find("skep.acme.requests").tag("result", result).counter();
    return counter == null ? 0 : counter.count();
  }
}
