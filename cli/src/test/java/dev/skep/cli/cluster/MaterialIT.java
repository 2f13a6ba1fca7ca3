package dev.skep.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.broker.BrokerSecurity;
import dev.skep.broker.EmbeddedKafka;
import dev.skep.model.topic.Principal;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.TopicAdmin;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.runtime.seal.PublicKeyRing;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A set of secrets, used by those it is for: a broker and its clients. */
class MaterialIT {
  @TempDir Path temp;

  @Test
  void theBrokerTakesItsOwnSetsCertificatesAndNoOthers() throws Exception {
    Material own = Material.create(Clock.systemUTC(), "");
    Material other = Material.create(Clock.systemUTC(), "");
    BrokerSecurity security =
        new BrokerSecurity(
            file("broker.pem", own.secrets().get("skep_kafka_broker")),
            file("ca.pem", own.ca()),
            Principal.SUPER_USERS);

    try (EmbeddedKafka broker = EmbeddedKafka.start(temp.resolve("kafka"), 0, security)) {
      String bootstrap = broker.bootstrapServers();

      TopicAdmin.ensure(client(bootstrap, own, own, "admin"), List.of(Topics.STACKS));

      // Let in by its certificate, and known by its name: which has no rights here.
      assertThatThrownBy(
              () ->
                  TopicAdmin.ensure(
                      client(bootstrap, own, own, "inventory"), List.of(Topics.NODES)))
          .isInstanceOf(PublishException.class)
          .hasCauseInstanceOf(AuthorizationException.class);
      assertThatThrownBy(
              () ->
                  TopicAdmin.ensure(client(bootstrap, own, other, "admin"), List.of(Topics.NODES)))
          .isInstanceOf(PublishException.class)
          .hasRootCauseInstanceOf(javax.net.ssl.SSLHandshakeException.class)
          .hasCauseInstanceOf(SslAuthenticationException.class);
    }
  }

  @Test
  void everyPrincipalOfTheTopicTableHasACertificateThatOnlyNamesIt() throws Exception {
    Material material = Material.create(Clock.systemUTC(), "");

    for (Principal principal : Principal.values()) {
      String pem = material.secrets().get("skep_kafka_" + principal.id());
      assertThat(pem).startsWith("-----BEGIN PRIVATE KEY-----");
      List<X509Certificate> chain = certificates(pem);
      assertThat(chain).hasSize(2);
      assertThat(chain.get(0).getSubjectX500Principal().getName())
          .isEqualTo("CN=" + principal.id());
      assertThat(chain.get(0).getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
      chain.get(0).verify(chain.get(1).getPublicKey());
      assertThat(chain.get(1)).isEqualTo(certificates(material.ca()).getFirst());
      assertThat(chain.get(1).getBasicConstraints()).isZero();
    }
    X509Certificate broker = certificates(material.secrets().get("skep_kafka_broker")).getFirst();
    assertThat(broker.getSubjectAlternativeNames().stream().map(n -> n.get(1)).toList())
        .isEqualTo(List.of("kafka", "kafka-1", "kafka-2", "kafka-3", "tasks.kafka", "localhost"));
    assertThat(broker.getExtendedKeyUsage()).contains("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
  }

  @Test
  void whatIsSealedToTheEdgesPublicKeysOpensWithTheirPrivateOnes() throws Exception {
    Material material = Material.create(Clock.systemUTC(), "");
    byte[] secret = "leaf".getBytes(StandardCharsets.UTF_8);
    PublicKeyRing open =
        PublicKeyRing.load(file("public.json", material.secrets().get("skep_keys_edge_public")));
    PrivateKeyRing own =
        PrivateKeyRing.load(file("edge.json", material.secrets().get("skep_keys_edge")));

    assertThat(own.open(open.seal(secret, "x"), "x")).isEqualTo(secret);
  }

  @Test
  void theBrokersIdIsKeptAndNothingSecretIsInItsText() {
    Material material = Material.create(Clock.systemUTC(), "dSZqtfHoQDabH595ZxuzDQ");

    assertThat(material.kafkaClusterId()).isEqualTo("dSZqtfHoQDabH595ZxuzDQ");
    assertThat(material.toString()).doesNotContain(material.secrets().get("skep_token"));
    assertThat(Material.fromJson(material.toJson())).isEqualTo(material);
  }

  private KafkaConfig client(String bootstrap, Material trusted, Material own, String principal)
      throws Exception {
    String key = own.secrets().get("skep_kafka_" + principal);
    return new KafkaConfig(
        bootstrap,
        Map.of(
            "security.protocol",
            "SSL",
            "ssl.keystore.type",
            "PEM",
            "ssl.keystore.location",
            file(own.set() + principal, key).toString(),
            "ssl.truststore.type",
            "PEM",
            "ssl.truststore.location",
            file("trusted.pem", trusted.ca()).toString()));
  }

  private Path file(String name, String content) throws Exception {
    return Files.writeString(temp.resolve(name), content);
  }

  private static List<X509Certificate> certificates(String pem) throws Exception {
    String only = pem.substring(pem.indexOf("-----BEGIN CERTIFICATE-----"));
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(only.getBytes(StandardCharsets.US_ASCII)))
        .stream()
        .map(X509Certificate.class::cast)
        .toList();
  }
}
