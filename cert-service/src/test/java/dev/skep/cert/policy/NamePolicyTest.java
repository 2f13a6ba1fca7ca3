package dev.skep.cert.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePolicyTest {
  private final NamePolicy policy = new NamePolicy(NamePolicy.RESERVED);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "whoami.localhost",
        "printer.local",
        "a.b.internal",
        "nas.home.arpa",
        "intranet",
        "10.0.0.1",
        "8.8.8.8",
        "2001:db8::1",
        "*.app.localhost",
        "x.test"
      })
  void a_name_that_no_public_ca_issues_is_internal_only(String name) {
    boolean internalOnly = policy.internalOnly(name);

    assertThat(internalOnly).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com", "localhost.example.com", "notlocal.eu", "*.example.com"})
  void a_public_name_is_not(String name) {
    boolean internalOnly = policy.internalOnly(name);

    assertThat(internalOnly).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "127.0.0.1", "[::1]", "pebble", "10.1.2.3", "ca.internal", "fd00::7"})
  void a_private_directory_may_issue_every_name(String directoryHost) {
    NamePolicy forIt = NamePolicy.forDirectoryHost(directoryHost);

    assertThat(forIt.internalOnly("whoami.localhost")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme-v02.api.letsencrypt.org", "8.8.8.8", "172.32.0.1"})
  void a_public_directory_may_not(String directoryHost) {
    NamePolicy forIt = NamePolicy.forDirectoryHost(directoryHost);

    assertThat(forIt.internalOnly("whoami.localhost")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "WWW.Example.COM., www.example.com",
    "bücher.example.com, xn--bcher-kva.example.com",
    "whoami.localhost, whoami.localhost",
  })
  void names_are_compared_in_lower_case_ascii(String written, String expected) {
    String normalized = NamePolicy.normalize(written);

    assertThat(normalized).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a..b", "-a.example.com", "a b", "a.*.com", "**.a.com", "", "a/b", "ü*"})
  void what_is_no_host_name_says_why(String name) {
    assertThat(NamePolicy.problem(name)).isPresent();
  }

  @Test
  void a_label_of_64_characters_is_too_long() {
    String name = "a".repeat(64) + ".example.com";

    assertThat(NamePolicy.problem(name)).get().asString().contains("1 to 63");
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com", "*.example.com", "a_b.example.com", "1.2.3.4", "::1", "x"})
  void what_is_one_has_no_problem(String name) {
    assertThat(NamePolicy.problem(name)).isEmpty();
  }
}
