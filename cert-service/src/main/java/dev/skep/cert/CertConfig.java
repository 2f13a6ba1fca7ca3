package dev.skep.cert;

import dev.skep.cert.acme.AcmeSettings;
import dev.skep.cert.policy.Issuers;
import dev.skep.cert.policy.NamePolicy;
import dev.skep.runtime.config.ConfigReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What cert-service is told.
 *
 * @param acme the ACME CA; null: there is only the internal one
 * @param defaultIssuer {@code acme} or {@code internal}: for routes that ask for none
 * @param names which names only the internal CA may issue
 * @param internalLifetime of the internal CA's leaves; they are renewed at half of it below 10 days
 * @param edgeWait how long an order waits for an edge that answers its challenges
 * @param renewalInfoEvery how often the CA is asked when to renew, unless it says itself
 * @param resync how often every certificate is looked at
 * @param parallelism how many certificates at most are obtained at a time
 */
public record CertConfig(
    AcmeSettings acme,
    String defaultIssuer,
    NamePolicy names,
    Duration internalLifetime,
    Duration edgeWait,
    Duration renewalInfoEvery,
    Duration resync,
    int parallelism) {

  private static final Duration INTERNAL_LIFETIME = Duration.ofDays(7);
  private static final Duration EDGE_WAIT = Duration.ofSeconds(30);

  /** RFC 9773 leaves it to the CA; Let's Encrypt asks for twice a day at least. */
  private static final Duration RENEWAL_INFO_EVERY = Duration.ofHours(6);

  private static final Duration RESYNC = Duration.ofMinutes(1);
  private static final int PARALLELISM = 8;

  public CertConfig {
    if (defaultIssuer.equals(Issuers.ACME) && acme == null) {
      throw new IllegalArgumentException("the default issuer is acme, but no directory is given");
    }
  }

  /** The internal CA alone. */
  public static CertConfig internal() {
    return new CertConfig(
        null,
        Issuers.INTERNAL,
        NamePolicy.OPEN,
        INTERNAL_LIFETIME,
        EDGE_WAIT,
        RENEWAL_INFO_EVERY,
        RESYNC,
        PARALLELISM);
  }

  /**
   * An ACME CA as the default issuer. A directory that is itself no public name gets every name;
   * see {@link NamePolicy#forDirectoryHost}.
   */
  public static CertConfig acme(AcmeSettings acme) {
    String host = acme.directory().getHost();
    return new CertConfig(
        acme,
        Issuers.ACME,
        host == null ? new NamePolicy(NamePolicy.RESERVED) : NamePolicy.forDirectoryHost(host),
        INTERNAL_LIFETIME,
        EDGE_WAIT,
        RENEWAL_INFO_EVERY,
        RESYNC,
        PARALLELISM);
  }

  /** From the environment; problems are collected in {@code env}. */
  public static CertConfig from(ConfigReader env) {
    AcmeSettings acme = acmeFrom(env);
    CertConfig base = acme == null ? internal() : acme(acme);
    String issuer = env.optional("SKEP_CERT_DEFAULT_ISSUER", base.defaultIssuer());
    if (!Set.of(Issuers.ACME, Issuers.INTERNAL).contains(issuer)
        || (issuer.equals(Issuers.ACME) && acme == null)) {
      env.problem(
          "SKEP_CERT_DEFAULT_ISSUER",
          "is '" + issuer + "'",
          acme == null
              ? "use internal, or set SKEP_ACME_DIRECTORY to have acme too"
              : "use acme or internal");
      issuer = base.defaultIssuer();
    }
    return new CertConfig(
        acme,
        issuer,
        names(env.optional("SKEP_CERT_INTERNAL_SUFFIXES", "auto"), base.names()),
        env.duration("SKEP_CERT_INTERNAL_LIFETIME", base.internalLifetime()),
        env.duration("SKEP_CERT_EDGE_WAIT", base.edgeWait()),
        env.duration("SKEP_CERT_RENEWAL_INFO_EVERY", base.renewalInfoEvery()),
        env.duration("SKEP_CERT_RESYNC", base.resync()),
        env.integer("SKEP_CERT_PARALLELISM", base.parallelism(), 1, 64));
  }

  /** The issuers that routes can name. */
  public Issuers issuers() {
    return new Issuers(
        acme == null ? Set.of(Issuers.INTERNAL) : Set.of(Issuers.INTERNAL, Issuers.ACME),
        defaultIssuer);
  }

  private static AcmeSettings acmeFrom(ConfigReader env) {
    String directory = env.optional("SKEP_ACME_DIRECTORY", null);
    String email = env.optional("SKEP_ACME_EMAIL", null);
    String caFile = env.optional("SKEP_ACME_CA_FILE", null);
    String profile = env.optional("SKEP_ACME_PROFILE", null);
    if (directory == null) {
      return null;
    }
    URI uri = env.uri("SKEP_ACME_DIRECTORY", null);
    if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
      env.problem(
          "SKEP_ACME_DIRECTORY",
          "is '" + directory + "'",
          "use the https URL of the CA's ACME directory");
    }
    if (email != null && !email.matches("[^@\\s]+@[^@\\s]+")) {
      env.problem(
          "SKEP_ACME_EMAIL", "is '" + email + "'", "use one address, such as a@example.org");
    }
    if (caFile != null && !Files.isReadable(Path.of(caFile))) {
      env.problem(
          "SKEP_ACME_CA_FILE",
          "names " + caFile + ", which cannot be read",
          "make it a readable PEM file with the directory's root certificates");
    }
    return new AcmeSettings(uri, email, caFile == null ? null : Path.of(caFile), profile);
  }

  private static NamePolicy names(String value, NamePolicy auto) {
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "auto" -> auto;
      case "none" -> NamePolicy.OPEN;
      default ->
          new NamePolicy(
              Arrays.stream(value.split(",", -1))
                  .map(s -> NamePolicy.normalize(s).replaceFirst("^\\*?\\.", ""))
                  .filter(s -> !s.isEmpty())
                  .toList());
    };
  }

  /** The suffixes that only the internal CA issues; empty: none. */
  public List<String> internalSuffixes() {
    return names.internalSuffixes();
  }
}
