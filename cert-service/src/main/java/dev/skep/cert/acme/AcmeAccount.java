package dev.skep.cert.acme;

import dev.skep.cert.IssueException;
import dev.skep.cert.pki.Keys;
import dev.skep.cert.policy.Failure;
import dev.skep.cert.policy.Issuers;
import dev.skep.model.Sealed;
import dev.skep.model.cert.Issuer;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.runtime.seal.SealException;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.toolbox.AcmeUtils;
import org.shredzone.acme4j.toolbox.JoseUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our account at the CA. Its key is made once and written down, sealed, before the CA hears of it:
 * registering a key that the CA knows gives the account that exists. The record carries the key's
 * thumbprint, from which every edge answers every challenge; so the key is kept even where the
 * directory changes or the CA has lost the account.
 */
final class AcmeAccount {
  private static final Logger log = LoggerFactory.getLogger(AcmeAccount.class);

  private final AcmeSettings settings;
  private final Session session;
  private final PrivateKeyRing ring;
  private final Supplier<Optional<Issuer>> read;
  private final Consumer<Issuer> write;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private Login login;

  AcmeAccount(
      AcmeSettings settings,
      Session session,
      PrivateKeyRing ring,
      Supplier<Optional<Issuer>> read,
      Consumer<Issuer> write,
      Clock clock) {
    this.settings = settings;
    this.session = session;
    this.ring = ring;
    this.read = read;
    this.write = write;
    this.clock = clock;
  }

  /** The issuer's record with a key, made and written down where it is missing. Asks nobody. */
  Issuer record() {
    lock.lock();
    try {
      Issuer known = read.get().orElse(null);
      String directory = settings.directory().toString();
      if (known != null && directory.equals(known.directory())) {
        return known;
      }
      Issuer next =
          known == null ? withNewKey(directory) : with(known, directory, known.accountKey(), null);
      write.accept(next);
      return next;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A login, registering the account if that has not been done.
   *
   * @throws IssueException if the account key cannot be opened
   */
  Login login() throws AcmeException, IssueException {
    lock.lock();
    try {
      if (login == null) {
        Issuer record = record();
        KeyPair key = key(record);
        login =
            record.account() == null
                ? register(record, key)
                : session.login(URI.create(record.account()).toURL(), key);
      }
      return login;
    } catch (MalformedURLException e) {
      throw new IssueException(
          Failure.terminal("AccountUnreadable", "the account's URL is none: " + e.getMessage()), e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The CA does not know the account: registers it anew with the same key.
   *
   * @param lost the login that the CA refused; nothing happens if there is another by now
   */
  Login registerAnew(Login lost) throws AcmeException, IssueException {
    lock.lock();
    try {
      if (login == lost) {
        Issuer record = record();
        log.atWarn()
            .addKeyValue("directory", record.directory())
            .addKeyValue("account", record.account())
            .log("The CA does not know our account, registering it anew");
        login = register(record, key(record));
      }
      return login;
    } finally {
      lock.unlock();
    }
  }

  private Login register(Issuer record, KeyPair key) throws AcmeException {
    AccountBuilder builder = new AccountBuilder().agreeToTermsOfService().useKeyPair(key);
    if (settings.email() != null) {
      builder.addEmail(settings.email());
    }
    Login registered = builder.createLogin(session);
    String url = registered.getAccountLocation().toString();
    write.accept(with(record, record.directory(), record.accountKey(), url));
    log.atInfo()
        .addKeyValue("directory", record.directory())
        .addKeyValue("account", url)
        .log("ACME account registered");
    return registered;
  }

  private KeyPair key(Issuer record) throws IssueException {
    try {
      return Keys.readPair(ring.open(record.accountKey(), context()));
    } catch (SealException | GeneralSecurityException e) {
      throw new IssueException(
          Failure.terminal(
              "AccountKeyUnreadable",
              "the ACME account's key cannot be opened: restore cert-service's key file, to which"
                  + " it was sealed"),
          e);
    }
  }

  private Issuer withNewKey(String directory) {
    KeyPair key = Keys.generate();
    Sealed sealed = ring.publicKeys().seal(Keys.pairPem(key), context());
    String thumbprint = AcmeUtils.base64UrlEncode(JoseUtils.thumbprint(key.getPublic()));
    return new Issuer(
        Issuers.ACME, Issuer.Kind.ACME, directory, null, sealed, thumbprint, null, clock.instant());
  }

  private static Issuer with(Issuer i, String directory, Sealed key, String account) {
    return new Issuer(
        i.name(), i.kind(), directory, account, key, i.thumbprint(), i.chain(), i.since());
  }

  private static String context() {
    return "skep.certificates|issuer|" + Issuers.ACME;
  }
}
