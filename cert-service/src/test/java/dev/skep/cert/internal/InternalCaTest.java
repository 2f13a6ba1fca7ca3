package dev.skep.cert.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.skep.cert.pki.Chain;
import dev.skep.cert.pki.Keys;
import java.security.KeyPair;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InternalCaTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);

  private final InternalCa ca = InternalCa.create(NOW);
  private final KeyPair key = Keys.generate();

  @Test
  void the_root_is_a_p256_ca_for_ten_years_that_signs_leaves_only() {
    InternalCa made = InternalCa.create(NOW);

    assertThat(made.root().getBasicConstraints()).isZero();
    assertThat(made.root().getPublicKey().getAlgorithm()).isEqualTo("EC");
    assertThat(Duration.between(NOW, made.root().getNotAfter().toInstant()).toDays())
        .isEqualTo(3652);
    assertThat(made.root().getKeyUsage()[5]).as("keyCertSign").isTrue();
  }

  @Test
  void two_roots_are_told_apart_by_their_names() {
    InternalCa other = InternalCa.create(NOW);

    assertThat(other.root().getSubjectX500Principal())
        .isNotEqualTo(ca.root().getSubjectX500Principal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "whoami.localhost",
        "*.app.internal",
        "10.0.0.1",
        "2001:db8::1",
        "a-name-that-is-too-long-for-a-common-name.with-a-second-label.internal"
      })
  void a_leaf_covers_its_name_and_is_trusted_by_the_root(String name) throws Exception {
    Chain chain = ca.issue(name, key.getPublic(), NOW, WEEK);

    assertThatCode(() -> chain.verify(key.getPublic(), name, NOW)).doesNotThrowAnyException();
    assertThatCode(() -> validate(chain)).doesNotThrowAnyException();
    assertThat(chain.leaf().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(chain.notAfter()).isEqualTo(NOW.plus(WEEK));
  }

  @Test
  void a_leaf_never_outlives_the_root() {
    Instant end = ca.root().getNotAfter().toInstant();

    Chain chain = ca.issue("a.internal", key.getPublic(), end.minusSeconds(60), WEEK);

    assertThat(chain.notAfter()).isEqualTo(end);
  }

  @Test
  void its_text_holds_no_key() {
    String text = ca.toString();

    assertThat(text).startsWith("InternalCa[").doesNotContain("PRIVATE");
  }

  private void validate(Chain chain) throws Exception {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(ca.root(), null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(NOW));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(chain.leaf())),
            parameters);
  }
}
