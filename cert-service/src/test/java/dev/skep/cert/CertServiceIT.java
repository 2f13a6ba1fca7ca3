package dev.skep.cert;

import static dev.skep.cert.support.Suite.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.skep.cert.pki.Chain;
import dev.skep.cert.policy.Records;
import dev.skep.cert.support.Suite;
import dev.skep.model.Json;
import dev.skep.model.cert.Certificate;
import dev.skep.model.cert.CertificateEntry;
import dev.skep.model.cert.Issuer;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.WithKafka;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithKafka
class CertServiceIT {
  private static final String NAME = "whoami.localhost";

  private Suite suite;

  @BeforeEach
  void open(KafkaTest kafka) {
    kafka.wipe();
    suite = new Suite(kafka);
  }

  @AfterEach
  void close() {
    suite.close();
  }

  @Test
  void a_route_gets_a_certificate_whose_key_only_the_edges_can_open() throws Exception {
    CertService service = suite.start(Suite.internal());

    suite.route("r", NAME, null);

    Certificate certificate = suite.awaitRevision(NAME, 1);
    Chain chain = Chain.parse(certificate.chain());
    assertThatCode(
            () -> chain.leaf().verify(Chain.parse(service.caPem().get()).leaf().getPublicKey()))
        .doesNotThrowAnyException();
    assertThat(chain.fingerprint()).isEqualTo(certificate.fingerprint());
    assertThat(certificate.privateKey().keyId()).isEqualTo(suite.edge.publicKeys().currentKeyId());
    byte[] pem = suite.edge.open(certificate.privateKey(), Certificate.sealingContext(NAME, 1));
    assertThat(belongs(pem, chain)).isTrue();
    assertThat(reason(certificate, Certificate.READY)).isEqualTo("Issued");
  }

  @Test
  void no_private_key_is_in_the_topic_in_clear() {
    suite.start(Suite.internal());

    suite.route("r", NAME, null);

    suite.awaitRevision(NAME, 1);
    assertThat(suite.written)
        .hasSizeGreaterThan(1)
        .allSatisfy(
            entry -> assertThat(json(entry)).doesNotContain("PRIVATE").doesNotContain("\"d\""));
  }

  @Test
  void a_restart_issues_nothing_anew_and_keeps_the_ca() {
    String ca = suite.start(Suite.internal()).caPem().orElseThrow();
    suite.route("r", NAME, null);
    Certificate before = suite.awaitRevision(NAME, 1);

    CertService restarted = suite.start(Suite.internal());
    suite.route("r2", "other.localhost", null);

    suite.awaitRevision("other.localhost", 1);
    assertThat(suite.certificate(NAME)).isEqualTo(before);
    assertThat(restarted.caPem()).contains(ca);
    assertThat(suite.written.stream().filter(Issuer.class::isInstance)).hasSize(1);
  }

  @Test
  void a_certificate_is_renewed_when_it_is_due_with_a_fresh_key() {
    suite.start(Suite.internal());
    suite.route("r", NAME, null);
    Certificate first = suite.awaitRevision(NAME, 1);

    suite.clock.move(Duration.ofDays(4));

    Certificate second = suite.awaitRevision(NAME, 2);
    assertThat(second.notAfter()).isAfter(first.notAfter());
    assertThat(publicKey(second)).isNotEqualTo(publicKey(first));
  }

  @Test
  void a_certificate_that_nobody_wants_is_kept_until_it_expires_and_then_removed() {
    suite.start(Suite.internal());
    suite.route("r", NAME, null);
    suite.route("r2", "other.localhost", null);
    suite.awaitRevision(NAME, 1);
    suite.awaitRevision("other.localhost", 1);
    suite.removeRoute("r");
    suite.clock.move(Duration.ofDays(4));
    suite.awaitRevision("other.localhost", 2);
    assertThat(suite.certificate(NAME).revision()).isEqualTo(1);

    suite.clock.move(Duration.ofDays(4));

    await().atMost(Duration.ofSeconds(20)).until(() -> suite.certificate(NAME) == null);
    assertThat(suite.certificate("other.localhost")).isNotNull();
  }

  @Test
  void an_unknown_resolver_gets_the_default_issuer_and_says_so() {
    suite.start(Suite.internal());

    suite.route("r", NAME, "letsencrypt");

    Certificate certificate = suite.awaitRevision(NAME, 1);
    assertThat(certificate.issuer()).isEqualTo("internal");
    assertThat(reason(certificate, Records.ISSUER_AS_ASKED)).isEqualTo("UnknownResolver");
  }

  @Test
  void a_bad_name_is_refused_and_harms_no_other() {
    suite.start(Suite.internal());

    suite.route("bad", "a..localhost", null);
    suite.route("good", NAME, null);

    suite.awaitRevision(NAME, 1);
    Certificate refused =
        suite.awaitCertificate("a..localhost", c -> reason(c, Certificate.READY) != null);
    assertThat(reason(refused, Certificate.READY)).isEqualTo("Refused");
    assertThat(refused.chain()).isNull();
  }

  @Test
  void rotated_edge_keys_mean_new_certificates() {
    suite.start(Suite.internal());
    suite.route("r", NAME, null);
    suite.awaitRevision(NAME, 1);
    suite.edge.rotate();

    suite.start(Suite.internal());

    Certificate second = suite.awaitRevision(NAME, 2);
    assertThat(second.privateKey().keyId()).isEqualTo(suite.edge.publicKeys().currentKeyId());
  }

  @Test
  void a_route_that_appeared_while_the_service_was_away_gets_its_certificate() {
    suite.route("r", NAME, null);

    suite.start(Suite.internal());

    assertThat(suite.awaitRevision(NAME, 1).names()).isEqualTo(List.of(NAME));
  }

  private static boolean belongs(byte[] pem, Chain chain) throws Exception {
    String body =
        new String(pem, StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----|\\s", "");
    PrivateKey key =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    byte[] text = {1, 2, 3};
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(chain.leaf().getPublicKey());
    signature.update(text);
    return signature.verify(signed);
  }

  private static String json(CertificateEntry entry) {
    return Json.mapper().valueToTree(entry).toString();
  }

  private static Object publicKey(Certificate certificate) {
    try {
      return Chain.parse(certificate.chain()).leaf().getPublicKey();
    } catch (java.security.cert.CertificateException e) {
      throw new AssertionError(e);
    }
  }
}
