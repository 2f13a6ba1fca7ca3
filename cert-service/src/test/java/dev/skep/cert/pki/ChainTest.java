package dev.skep.cert.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.cert.internal.InternalCa;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final InternalCa ca = InternalCa.create(NOW);
  private final KeyPair key = Keys.generate();
  private final Chain chain = ca.issue("a.eu", key.getPublic(), NOW, Duration.ofDays(1));

  @Test
  void pem_is_read_back_as_it_was_written_and_has_no_blank_line() throws Exception {
    Chain both = new Chain(List.of(chain.leaf(), ca.root()));

    Chain read = Chain.parse(both.pem());

    assertThat(read).isEqualTo(both);
    assertThat(both.pem()).doesNotContain("\n\n").startsWith("-----BEGIN CERTIFICATE-----\n");
    assertThat(read.fingerprint()).matches("[0-9a-f]{64}");
  }

  @Test
  void a_certificate_of_another_key_is_refused() {
    KeyPair other = Keys.generate();

    assertThatThrownBy(() -> chain.verify(other.getPublic(), "a.eu", NOW))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("key");
  }

  @Test
  void a_certificate_of_another_name_is_refused() {
    assertThatThrownBy(() -> chain.verify(key.getPublic(), "b.eu", NOW))
        .hasMessageContaining("does not cover b.eu");
  }

  @Test
  void an_expired_certificate_is_refused() {
    Instant later = NOW.plus(Duration.ofDays(2));

    assertThatThrownBy(() -> chain.verify(key.getPublic(), "a.eu", later))
        .hasMessageContaining("expired");
  }

  @Test
  void a_chain_in_which_one_does_not_sign_the_other_is_refused() {
    Chain wrong = new Chain(List.of(chain.leaf(), InternalCa.create(NOW).root()));

    assertThatThrownBy(() -> wrong.verify(key.getPublic(), "a.eu", NOW))
        .hasMessageContaining("not signed by the next");
  }

  @Test
  void text_without_a_certificate_is_refused() {
    assertThatThrownBy(() -> Chain.parse("")).isInstanceOf(CertificateException.class);
  }

  @Test
  void a_key_pair_is_read_back_as_it_was_written() throws Exception {
    KeyPair read = Keys.readPair(Keys.pairPem(key));

    assertThat(read.getPublic()).isEqualTo(key.getPublic());
    assertThat(read.getPrivate()).isEqualTo(key.getPrivate());
  }

  @Test
  void what_is_no_key_pair_is_refused_without_being_quoted() {
    byte[] half = Keys.privatePem(key.getPrivate());

    assertThatThrownBy(() -> Keys.readPair(half))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageNotContaining("BEGIN");
  }
}
