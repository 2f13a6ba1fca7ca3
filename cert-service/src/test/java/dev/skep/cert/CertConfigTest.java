package dev.skep.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.cert.acme.AcmeSettings;
import dev.skep.cert.policy.NamePolicy;
import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertConfigTest {
  private static final String LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

  @TempDir Path dir;

  @Test
  void nothing_set_means_the_internal_ca_alone() {
    CertConfig config = read(Map.of());

    assertThat(config)
        .isEqualTo(
            new CertConfig(
                null,
                "internal",
                NamePolicy.OPEN,
                Duration.ofDays(7),
                Duration.ofSeconds(30),
                Duration.ofHours(6),
                Duration.ofMinutes(1),
                8));
  }

  @Test
  void every_variable_is_mapped() throws IOException {
    Path ca = Files.writeString(dir.resolve("ca.pem"), "");

    CertConfig config =
        read(
            Map.of(
                "SKEP_ACME_DIRECTORY", LETS_ENCRYPT,
                "SKEP_ACME_EMAIL", "ops@example.org",
                "SKEP_ACME_CA_FILE", ca.toString(),
                "SKEP_ACME_PROFILE", "shortlived",
                "SKEP_CERT_DEFAULT_ISSUER", "internal",
                "SKEP_CERT_INTERNAL_SUFFIXES", "corp, .Lan,*.home.arpa",
                "SKEP_CERT_INTERNAL_LIFETIME", "30d",
                "SKEP_CERT_EDGE_WAIT", "5s",
                "SKEP_CERT_RESYNC", "2m",
                "SKEP_CERT_PARALLELISM", "3"));

    assertThat(config)
        .isEqualTo(
            new CertConfig(
                new AcmeSettings(URI.create(LETS_ENCRYPT), "ops@example.org", ca, "shortlived"),
                "internal",
                new NamePolicy(List.of("corp", "lan", "home.arpa")),
                Duration.ofDays(30),
                Duration.ofSeconds(5),
                Duration.ofHours(6),
                Duration.ofMinutes(2),
                3));
  }

  @Test
  void a_directory_makes_acme_the_default_and_keeps_private_names_from_it() {
    CertConfig config = read(Map.of("SKEP_ACME_DIRECTORY", LETS_ENCRYPT));

    assertThat(config.defaultIssuer()).isEqualTo("acme");
    assertThat(config.names().internalOnly("whoami.localhost")).isTrue();
  }

  @Test
  void a_private_directory_gets_private_names() {
    CertConfig config = read(Map.of("SKEP_ACME_DIRECTORY", "https://localhost:14000/dir"));

    assertThat(config.names().internalOnly("whoami.localhost")).isFalse();
  }

  @Test
  void the_rule_for_private_names_can_be_lifted_for_any_directory() {
    CertConfig config =
        read(Map.of("SKEP_ACME_DIRECTORY", LETS_ENCRYPT, "SKEP_CERT_INTERNAL_SUFFIXES", "none"));

    assertThat(config.names()).isEqualTo(NamePolicy.OPEN);
  }

  @Test
  void every_problem_is_reported_at_once_with_what_to_do() {
    Map<String, String> env =
        Map.of(
            "SKEP_ACME_DIRECTORY", "http://ca.example.org/dir",
            "SKEP_ACME_EMAIL", "nobody",
            "SKEP_ACME_CA_FILE", dir.resolve("absent.pem").toString(),
            "SKEP_CERT_DEFAULT_ISSUER", "letsencrypt",
            "SKEP_CERT_PARALLELISM", "0");

    assertThatThrownBy(() -> read(env))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(
            "SKEP_ACME_DIRECTORY is 'http://ca.example.org/dir': use the https URL",
            "SKEP_ACME_EMAIL is 'nobody'",
            "SKEP_ACME_CA_FILE names",
            "SKEP_CERT_DEFAULT_ISSUER is 'letsencrypt': use acme or internal",
            "SKEP_CERT_PARALLELISM is '0'");
  }

  @Test
  void acme_as_the_default_needs_a_directory() {
    assertThatThrownBy(() -> read(Map.of("SKEP_CERT_DEFAULT_ISSUER", "acme")))
        .hasMessageContaining("set SKEP_ACME_DIRECTORY");
  }

  @Test
  void the_readme_lists_every_variable_with_its_default() throws IOException {
    ConfigReader reader = new ConfigReader(Map.of());
    CertConfig.from(reader);
    Path root = Path.of(System.getProperty("skep.root", ".."));

    String readme = Files.readString(root.resolve("cert-service/README.md"));

    assertThat(reader.effective()).hasSizeGreaterThan(8);
    reader
        .effective()
        .forEach(
            (name, value) ->
                assertThat(readme)
                    .containsPattern(
                        "\\| `" + name + "` \\| [^|]*" + Pattern.quote(value) + "[^|]* \\| "));
  }

  private static CertConfig read(Map<String, String> env) {
    ConfigReader reader = new ConfigReader(env);
    CertConfig config = CertConfig.from(reader);
    reader.check();
    return config;
  }
}
