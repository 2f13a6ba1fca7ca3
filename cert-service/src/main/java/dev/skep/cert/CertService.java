package dev.skep.cert;

import dev.skep.cert.acme.AcmeIssuer;
import dev.skep.cert.internal.InternalIssuer;
import dev.skep.cert.policy.Decider;
import dev.skep.cert.policy.Issuers;
import dev.skep.cert.policy.Records;
import dev.skep.model.Codecs;
import dev.skep.model.cert.CertificateEntry;
import dev.skep.model.cert.Issuer;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.http.Problem;
import dev.skep.runtime.http.ProblemException;
import dev.skep.runtime.kafka.FencedException;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Writer;
import dev.skep.runtime.reconcile.KeyedReconciler;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.runtime.seal.PublicKeyRing;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a certificate for every name that routes serve with TLS.
 *
 * <p>Start: fence older writers; read routes, own certificates and the edges' statuses to their
 * ends; only then decide anything: from half of the routes, half of the certificates would look
 * unwanted.
 */
public final class CertService implements SkepService {
  private static final Logger log = LoggerFactory.getLogger(CertService.class);
  private static final String PRINCIPAL = "cert";
  private static final String CA_PATH = "/api/ca.pem";
  private static final Duration READ_POLL = Duration.ofSeconds(1);
  private static final Duration START_JOIN = Duration.ofSeconds(2);

  /** An order takes at most 3 min, and each of its requests at most 15 s more. */
  private static final Duration LONGEST_RUN = Duration.ofMinutes(10);

  private final Platform platform;
  private final CertConfig config;
  private final PrivateKeyRing own;
  private final PublicKeyRing edge;
  private final WantedNow wanted;
  private final EdgeGate gate;
  private volatile boolean closed;
  private volatile Thread starter;
  private volatile Writer writer;
  private volatile TopicView<RoutingEntry> routes;
  private volatile TopicView<CertificateEntry> certificates;
  private volatile TopicView<EdgeStatus> edges;
  private volatile CertStore store;
  private volatile InternalIssuer internal;
  private volatile AcmeIssuer acme;
  private volatile KeyedReconciler<String> reconciler;

  /**
   * The service; does nothing before {@link #start}.
   *
   * @param own seals and opens the CA's key, the account's, and those of orders
   * @param edge to which leaf keys are sealed
   */
  public CertService(Platform platform, CertConfig config, PrivateKeyRing own, PublicKeyRing edge) {
    this.platform = platform;
    this.config = config;
    this.own = own;
    this.edge = edge;
    this.wanted = new WantedNow(config.issuers(), config.names());
    this.gate = new EdgeGate(config.edgeWait());
  }

  @Override
  public String name() {
    return PRINCIPAL;
  }

  @Override
  public void start() throws IOException {
    if (config.acme() != null) {
      // Here, not in the background: a CA file that cannot be used is for who starts it to mend.
      acme =
          AcmeIssuer.open(
              config.acme(),
              own,
              () -> store.issuer(Issuers.ACME),
              this::writeAcme,
              platform.metrics(),
              platform.clock());
    }
    starter = Thread.ofVirtual().name("cert-start").start(this::run);
  }

  private void run() {
    while (!closed) {
      try {
        read();
        if (!closed) {
          begin();
        }
        return;
      } catch (FencedException e) {
        return; // The platform knows, and ends the process.
      } catch (PublishException e) {
        log.atWarn().setCause(e).log("The broker does not take our writes yet, trying again");
        pause();
      } catch (RuntimeException e) {
        if (!closed) {
          platform.fatal().accept(e);
        }
        return;
      }
    }
  }

  /** Opens what is not open yet, and waits until all that there was is read. */
  private void read() {
    if (writer == null) {
      writer = Writer.open(platform, PRINCIPAL);
      routes =
          TopicView.open(platform, PRINCIPAL, Topics.ROUTES, Codecs.ROUTES, this::routeChanged);
      certificates =
          TopicView.open(
              platform, PRINCIPAL, Topics.CERTIFICATES, Codecs.CERTIFICATES, gate::onChange);
      edges =
          TopicView.open(
              platform, PRINCIPAL, Topics.EDGE_STATUS, Codecs.EDGE_STATUS, this::edgeChanged);
    }
    while (!closed && !viewsReady(READ_POLL)) {
      log.atDebug().log("Still reading the state");
    }
  }

  private void pause() {
    try {
      Thread.sleep(READ_POLL);
    } catch (InterruptedException e) {
      // Closing: the loop sees it.
      Thread.currentThread().interrupt();
    }
  }

  private void begin() {
    store = new CertStore(certificates.values(), writer::publish);
    internal =
        InternalIssuer.open(
            store.issuer(Issuers.INTERNAL),
            own,
            issuer -> store.put(issuer, "created", null),
            config.internalLifetime(),
            platform.clock());
    Issuing issuing = new Issuing(store, internal, acme, own, edge, platform.clock());
    if (acme != null) {
      // Early: edges have the thumbprint before the first order, and a changed directory is
      // noticed.
      acme.announce();
    }
    wanted.update(routes.values().values());
    CertReconciler reconcile =
        new CertReconciler(
            store,
            wanted,
            new Decider(edge.currentKeyId()),
            issuing,
            acme,
            this::challengesAreAnswered,
            new CertMetrics(platform.metrics(), config.issuers().names()),
            config.renewalInfoEvery(),
            platform.clock());
    reconciler =
        KeyedReconciler.named("certificates", reconcile)
            .parallelism(config.parallelism())
            .resync(config.resync(), this::allNames)
            .clock(platform.clock())
            .start();
    // A route that changed meanwhile found no reconciler.
    wanted.update(routes.values().values());
    allNames().forEach(name -> reconciler.mark(name, "start"));
    log.atInfo()
        .addKeyValue("issuers", config.issuers().listed())
        .addKeyValue("default", config.defaultIssuer())
        .addKeyValue("wanted", wanted.names().size())
        .log("Certificates are kept");
  }

  /** Another directory: what the old one issued is issued anew, and its orders are no more. */
  private void writeAcme(Issuer issuer) {
    List<CertificateEntry> changed = new ArrayList<>(List.of(issuer));
    Optional<Issuer> before = store.issuer(Issuers.ACME);
    if (before.isPresent() && !issuer.directory().equals(before.get().directory())) {
      Instant now = platform.clock().instant();
      store.certificates().stream()
          .filter(c -> c.issuer().equals(Issuers.ACME))
          .map(c -> Records.movedTo(c, Issuers.ACME, now))
          .forEach(changed::add);
      log.atInfo()
          .addKeyValue("before", before.get().directory())
          .addKeyValue("now", issuer.directory())
          .log("The ACME directory changed, its certificates are issued anew");
    }
    store.putAll(changed, "updated", null);
  }

  private EdgeGate.Verdict challengesAreAnswered(Instant now) {
    return gate.verdict(edges.values().values(), certificates.topicId(), now);
  }

  private void routeChanged(TopicView.Change<RoutingEntry> change) {
    if (wanted.note(change) && reconciler != null) {
      String trigger = change.meta() == null ? "route deleted" : change.meta().type().toString();
      wanted.update(routes.values().values()).forEach(name -> reconciler.mark(name, trigger));
    }
  }

  private void edgeChanged(TopicView.Change<EdgeStatus> change) {
    KeyedReconciler<String> r = reconciler;
    if (r == null) {
      return;
    }
    store.certificates().stream()
        .filter(Records::waitsForEdge)
        .forEach(c -> r.mark(c.name(), "edge status"));
  }

  private Set<String> allNames() {
    Set<String> names = new TreeSet<>(wanted.names());
    store.certificates().forEach(c -> names.add(c.name()));
    return names;
  }

  private boolean viewsReady(Duration timeout) {
    return routes.awaitReady(timeout)
        && certificates.awaitReady(timeout)
        && edges.awaitReady(timeout);
  }

  /** The internal CA's certificate in PEM; empty until the service has read its state. */
  public Optional<String> caPem() {
    return Optional.ofNullable(internal).map(InternalIssuer::caPem);
  }

  @Override
  public Health health() {
    KeyedReconciler<String> r = reconciler;
    Map<String, String> details = new TreeMap<>();
    details.put("issuers", config.issuers().listed());
    details.put("wanted", Integer.toString(wanted.names().size()));
    details.put("state", r == null ? "reading the state" : "keeping certificates");
    boolean live = r == null || r.progressing(LONGEST_RUN);
    return new Health(live, r != null, details);
  }

  @Override
  public void mount(Router router) {
    router
        .get(CA_PATH)
        .handler(
            context -> {
              String pem =
                  caPem()
                      .orElseThrow(
                          () ->
                              new ProblemException(
                                  new Problem(
                                      503,
                                      "Not ready",
                                      "The certificate service still reads its state: try again in"
                                          + " a second.")));
              context.response().putHeader("Content-Type", "application/x-pem-file").end(pem);
            });
  }

  /** The CA's certificate is for everyone: it holds no secret, and clients need it to trust us. */
  @Override
  public Set<String> publicPaths() {
    return Set.of(CA_PATH);
  }

  @Override
  public void close() {
    closed = true;
    // First the waiting for the CA, so that runs end at once; their orders are in the store.
    closeQuietly(acme);
    Thread starting = starter;
    if (starting != null) {
      starting.interrupt();
      try {
        starting.join(START_JOIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    closeQuietly(reconciler);
    closeQuietly(routes);
    closeQuietly(certificates);
    closeQuietly(edges);
    closeQuietly(writer);
  }

  private static void closeQuietly(AutoCloseable part) {
    if (part == null) {
      return;
    }
    try {
      part.close();
    } catch (Exception e) {
      log.atWarn().setCause(e).log("A part could not be closed");
    }
  }
}
