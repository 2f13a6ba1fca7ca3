package dev.skep.cert.acme;

import dev.skep.cert.IssueException;
import dev.skep.cert.Obtained;
import dev.skep.cert.pki.Keys;
import dev.skep.cert.policy.Failure;
import dev.skep.cert.policy.NamePolicy;
import dev.skep.cert.policy.Renewal.Window;
import dev.skep.model.cert.Issuer;
import dev.skep.runtime.seal.PrivateKeyRing;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.KeyPair;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Issues certificates by ACME with http-01. Blocking: for virtual threads. Thread-safe. */
public final class AcmeIssuer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AcmeIssuer.class);
  private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(15);

  private final AcmeSettings settings;
  private final TrustingProvider provider;
  private final Session session;
  private final AcmeAccount account;
  private final Clock clock;
  private final CountDownLatch closing = new CountDownLatch(1);

  /**
   * The CA's word on a renewal.
   *
   * @param checkAfter how long it asks not to be asked again; null if it did not say
   */
  public record Suggestion(Window window, Duration checkAfter) {}

  private AcmeIssuer(
      AcmeSettings settings,
      TrustingProvider provider,
      Session session,
      AcmeAccount account,
      Clock clock) {
    this.settings = settings;
    this.provider = provider;
    this.session = session;
    this.account = account;
    this.clock = clock;
  }

  /**
   * An issuer; talks to nobody yet.
   *
   * @param ring opens and seals the account's key
   * @param read the issuer's record, if there is one
   * @param write writes that record down; returns when that is on disk
   * @throws IOException if the settings' CA file cannot be used, saying what to do
   */
  public static AcmeIssuer open(
      AcmeSettings settings,
      PrivateKeyRing ring,
      Supplier<Optional<Issuer>> read,
      Consumer<Issuer> write,
      MeterRegistry registry,
      Clock clock)
      throws IOException {
    if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
      // acme4j finds no elliptic curves without it.
      Security.addProvider(new BouncyCastleProvider());
    }
    NetworkSettings network = new NetworkSettings();
    network.setTimeout(HTTP_TIMEOUT);
    TrustingProvider provider =
        new TrustingProvider(settings.caFile(), network, new AcmeMetrics(registry), clock);
    Session session = new Session(settings.directory(), provider);
    session.networkSettings().setTimeout(HTTP_TIMEOUT);
    AcmeAccount account = new AcmeAccount(settings, session, ring, read, write, clock);
    return new AcmeIssuer(settings, provider, session, account, clock);
  }

  /** The issuer's record, written down if there was none: from then on edges answer challenges. */
  public Issuer announce() {
    return account.record();
  }

  /**
   * Obtains a certificate: goes on with the order in the journal, or makes one and writes it there.
   *
   * @param name normalized
   * @param replaced the certificate that it renews; null if there is none
   * @throws IssueException if it failed; the failure says whether the order is still of use
   * @throws InterruptedException if the service is closing; the order stands
   */
  public Obtained obtain(String name, X509Certificate replaced, OrderJournal journal)
      throws IssueException, InterruptedException {
    try {
      Login login = account.login();
      try {
        return obtain(login, name, replaced, journal);
      } catch (AcmeException | AcmeLazyLoadingException e) {
        if (!AcmeFailures.accountIsUnknown(e)) {
          throw e;
        }
        // Orders are gone with their account. Once: if this fails too, it is a failure.
        return fresh(account.registerAnew(login), name, replaced, journal);
      }
    } catch (AcmeException | AcmeLazyLoadingException | AcmeProtocolException e) {
      if (closing.getCount() == 0) {
        throw (InterruptedException) new InterruptedException("closing").initCause(e);
      }
      throw new IssueException(AcmeFailures.of(e, clock.instant()), e);
    }
  }

  private Obtained obtain(Login login, String name, X509Certificate replaced, OrderJournal journal)
      throws AcmeException, IssueException, InterruptedException {
    OrderJournal.Entry open = journal.open();
    Order order = open == null ? null : resume(login, name, open.url());
    return order == null
        ? fresh(login, name, replaced, journal)
        : checked(name, new OrderRun(order, open.key(), this::pause).run());
  }

  /** The order under way; null if the CA will have nothing to do with it any more. */
  private Order resume(Login login, String name, String url) throws AcmeException {
    try {
      Order order = login.bindOrder(URI.create(url).toURL());
      order.fetch();
      log.atInfo().addKeyValue("certificate", name).addKeyValue("order", url).log("Order resumed");
      return order;
    } catch (AcmeException | AcmeLazyLoadingException e) {
      if (AcmeFailures.accountIsUnknown(e) || !AcmeFailures.refused(e)) {
        throw e;
      }
      log.atWarn()
          .addKeyValue("certificate", name)
          .addKeyValue("order", url)
          .addKeyValue("reason", AcmeFailures.of(e, clock.instant()).message())
          .log("The CA does not know the order any more, making another");
      return null;
    } catch (MalformedURLException e) {
      throw new AcmeException("the order's URL is none: " + url, e);
    }
  }

  private Obtained fresh(Login login, String name, X509Certificate replaced, OrderJournal journal)
      throws AcmeException, IssueException, InterruptedException {
    KeyPair key = Keys.generate();
    Order order = create(login, name, replaced);
    journal.ordered(new OrderJournal.Entry(order.getLocation().toString(), key));
    return checked(name, new OrderRun(order, key, this::pause).run());
  }

  private Order create(Login login, String name, X509Certificate replaced) throws AcmeException {
    boolean ari = session.resourceUrlOptional(Resource.RENEWAL_INFO).isPresent();
    if (replaced != null && ari) {
      try {
        // A renewal that names what it replaces is free of the CA's rate limits (RFC 9773, 5).
        return order(login, name).replaces(replaced).create();
      } catch (AcmeException e) {
        if (AcmeFailures.accountIsUnknown(e) || !AcmeFailures.refused(e)) {
          throw e;
        }
        log.atInfo()
            .addKeyValue("certificate", name)
            .addKeyValue("reason", AcmeFailures.of(e, clock.instant()).message())
            .log("The CA refused to replace the certificate, ordering without");
      }
    }
    return order(login, name).create();
  }

  private OrderBuilder order(Login login, String name) throws AcmeException {
    OrderBuilder builder =
        login
            .newOrder()
            .identifier(NamePolicy.isIpAddress(name) ? Identifier.ip(name) : Identifier.dns(name));
    if (settings.profile() != null && session.getMetadata().isProfileAllowed(settings.profile())) {
      builder.profile(settings.profile());
    }
    return builder;
  }

  private Obtained checked(String name, Obtained obtained) throws IssueException {
    try {
      obtained.chain().verify(obtained.key().getPublic(), name, clock.instant());
      return obtained;
    } catch (java.security.cert.CertificateException e) {
      throw new IssueException(
          new Failure(
              Failure.Kind.RETRIABLE,
              "BadCertificate",
              "what the CA issued cannot be used: " + AcmeFailures.clean(e.getMessage()),
              null,
              true),
          e);
    }
  }

  /**
   * When the CA suggests to renew {@code certificate} (ARI, RFC 9773).
   *
   * @return empty if the CA has no such service
   * @throws IssueException if it could not be asked
   */
  public Optional<Suggestion> renewalInfo(X509Certificate certificate) throws IssueException {
    try {
      if (session.resourceUrlOptional(Resource.RENEWAL_INFO).isEmpty()) {
        return Optional.empty();
      }
      RenewalInfo info = account.login().bindRenewalInfo(certificate);
      Optional<Instant> checkAt = info.fetch();
      Window window = new Window(info.getSuggestedWindowStart(), info.getSuggestedWindowEnd());
      Duration checkAfter = checkAt.map(then -> Duration.between(Instant.now(), then)).orElse(null);
      return Optional.of(new Suggestion(window, checkAfter));
    } catch (AcmeException
        | AcmeLazyLoadingException
        | AcmeProtocolException
        | IllegalArgumentException e) {
      throw new IssueException(AcmeFailures.of(e, clock.instant()), e);
    }
  }

  private void pause(Duration duration) throws InterruptedException {
    if (closing.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("closing");
    }
  }

  /** Ends the waiting of runs under way, whose orders stand, and the connections. */
  @Override
  public void close() {
    closing.countDown();
    provider.close();
  }
}
