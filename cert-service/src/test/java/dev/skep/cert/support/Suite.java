package dev.skep.cert.support;

import static org.awaitility.Awaitility.await;

import dev.skep.cert.CertConfig;
import dev.skep.cert.CertService;
import dev.skep.cert.acme.AcmeSettings;
import dev.skep.cert.policy.NamePolicy;
import dev.skep.model.Codecs;
import dev.skep.model.Condition;
import dev.skep.model.cert.Certificate;
import dev.skep.model.cert.CertificateEntry;
import dev.skep.model.cert.Issuer;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.edge.Rule;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** cert-service with what surrounds it: a broker, edge-config's writer, a reader of its topic. */
public final class Suite implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  public final MovableClock clock = new MovableClock();
  public final PrivateKeyRing own = PrivateKeyRing.create();
  public final PrivateKeyRing edge = PrivateKeyRing.create();
  public final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  public final Platform platform;

  /** Every record of the certificates topic, in order. */
  public final List<CertificateEntry> written = new CopyOnWriteArrayList<>();

  private final Writer routes;
  private final TopicView<CertificateEntry> view;
  private CertService service;

  public Suite(KafkaTest kafka) {
    platform = Platform.create(KafkaConfig.of(kafka.bootstrapServers()), clock, fatal::add);
    routes = Writer.open(platform, "edge-config");
    view =
        TopicView.open(
            platform,
            "test",
            Topics.CERTIFICATES,
            Codecs.CERTIFICATES,
            change -> {
              if (change.after() != null) {
                written.add(change.after());
              }
            });
  }

  /** A configuration that notices a moved clock soon. */
  public static CertConfig internal() {
    return quick(CertConfig.internal(), NamePolicy.OPEN);
  }

  /** The same with an ACME CA. */
  public static CertConfig acme(AcmeSettings acme) {
    CertConfig config = CertConfig.acme(acme);
    return quick(config, config.names());
  }

  private static CertConfig quick(CertConfig c, NamePolicy names) {
    return new CertConfig(
        c.acme(),
        c.defaultIssuer(),
        names,
        c.internalLifetime(),
        Duration.ofSeconds(20),
        c.renewalInfoEvery(),
        Duration.ofMillis(200),
        c.parallelism());
  }

  /** Starts the service, in place of the one before. */
  public CertService start(CertConfig config) {
    stop();
    service = new CertService(platform, config, own, edge.publicKeys());
    try {
      service.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    await().atMost(LIMIT).until(() -> service.health().ready());
    return service;
  }

  public void stop() {
    if (service != null) {
      service.close();
      service = null;
    }
  }

  public void route(String id, String host, String resolver) {
    Route route =
        new Route(
            id,
            "s1",
            "svc",
            new Rule.Host(host),
            1,
            List.of("websecure"),
            new Route.Tls(resolver, List.of()),
            false,
            "b",
            List.of(Condition.isTrue(Route.ACCEPTED, "Accepted", "", clock.instant())));
    Write<RoutingEntry> write =
        Write.put(Topics.ROUTES, Codecs.ROUTES, route.key(), route, "updated", "c-" + id);
    routes.publish(List.of(write));
  }

  public void removeRoute(String id) {
    routes.publish(List.of(Write.delete(Topics.ROUTES, Codecs.ROUTES, "route/" + id)));
  }

  public Certificate certificate(String name) {
    return (Certificate) view.get("certificate/" + name).orElse(null);
  }

  public Issuer issuer(String name) {
    return (Issuer) view.get("issuer/" + name).orElse(null);
  }

  public Certificate awaitCertificate(String name, Predicate<Certificate> wanted) {
    return await("certificate " + name)
        .atMost(LIMIT)
        .until(() -> certificate(name), c -> c != null && wanted.test(c));
  }

  public Certificate awaitRevision(String name, long revision) {
    return awaitCertificate(name, c -> c.revision() == revision);
  }

  /** The reason of a certificate's condition; null if it has none of that type. */
  public static String reason(Certificate certificate, String type) {
    return certificate.conditions().stream()
        .filter(c -> c.type().equals(type))
        .map(Condition::reason)
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    stop();
    view.close();
    routes.close();
    platform.close();
  }
}
