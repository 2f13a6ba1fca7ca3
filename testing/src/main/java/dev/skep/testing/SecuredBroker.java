package dev.skep.testing;

import dev.skep.broker.BrokerSecurity;
import dev.skep.broker.EmbeddedKafka;
import dev.skep.model.topic.Principal;
import java.nio.file.Path;
import java.util.Map;

/**
 * A broker as the stack has it: mutual TLS, access rules, nobody allowed anything but the super
 * users. Without topics and rules: those are kafka-init's to make.
 */
public final class SecuredBroker implements AutoCloseable {
  private final Path data;
  private final TestCa ca;
  private final BrokerSecurity security;
  private EmbeddedKafka kafka;

  private SecuredBroker(Path data, TestCa ca, BrokerSecurity security) {
    this.data = data;
    this.ca = ca;
    this.security = security;
    this.kafka = EmbeddedKafka.start(data, 0, security);
  }

  /**
   * Starts it.
   *
   * @param dir for its data and the certificates
   */
  public static SecuredBroker start(Path dir) {
    TestCa ca = new TestCa(dir.resolve("ca"));
    BrokerSecurity security =
        new BrokerSecurity(ca.issue("CN=broker"), ca.certificate(), Principal.SUPER_USERS);
    return new SecuredBroker(dir.resolve("kafka"), ca, security);
  }

  /** Ends it, takes all its data away, and starts it again at the same address. */
  public void restartEmpty() {
    String address = kafka.bootstrapServers();
    kafka.close();
    Dirs.delete(data);
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    kafka = EmbeddedKafka.start(data, port, security);
  }

  /** {@code localhost:PORT}. */
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** Whoever issues certificates that this broker trusts. */
  public TestCa ca() {
    return ca;
  }

  /** The client settings of a principal, with a new certificate for {@code CN=name}. */
  public Map<String, String> client(String name) {
    return client(ca.issue("CN=" + name));
  }

  /** The client settings of whoever holds this certificate. */
  public Map<String, String> client(Path certificate) {
    return Map.of(
        "security.protocol",
        "SSL",
        "ssl.keystore.type",
        "PEM",
        "ssl.keystore.location",
        certificate.toString(),
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        ca.certificate().toString());
  }

  @Override
  public void close() {
    kafka.close();
  }
}
