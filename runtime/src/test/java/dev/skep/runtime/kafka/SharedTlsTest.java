package dev.skep.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.testing.TestCa;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedTlsTest {
  @TempDir Path dir;
  private TestCa ca;

  @BeforeEach
  void makeCa() {
    ca = new TestCa(dir.resolve("ca"));
  }

  @Test
  void clientsWithTheSameSettingsShareOneEvenWhenTheFirstIsClosed() {
    Path key = ca.issue("CN=monitor");
    SharedTls first = tls(key);
    first.close();

    SharedTls second = tls(key);

    assertThat(second.keystore()).isSameAs(first.keystore());
    assertThat(second.createClientSslEngine("kafka", 9092, "https").getSSLParameters())
        .extracting(p -> p.getEndpointIdentificationAlgorithm())
        .isEqualTo("https");
  }

  @Test
  void whoShowsAnotherCertificateSharesNothing() {
    assertThat(tls(ca.issue("CN=cert")).keystore())
        .isNotSameAs(tls(ca.issue("CN=monitor")).keystore());
  }

  @Test
  void aCertificateThatWasRenewedIsReadByTheNextClient() throws Exception {
    Path key = ca.issue("CN=monitor");
    SharedTls before = tls(key);
    Files.copy(ca.issue("CN=renewed"), key, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(
        key, FileTime.fromMillis(Files.getLastModifiedTime(key).toMillis() + 5000));

    SharedTls after = tls(key);

    assertThat(after.keystore()).isNotSameAs(before.keystore());
    assertThat(tls(key).keystore()).isSameAs(after.keystore());
  }

  private SharedTls tls(Path key) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            "localhost:9092",
            "ssl.keystore.type",
            "PEM",
            "ssl.keystore.location",
            key.toString(),
            "ssl.truststore.type",
            "PEM",
            "ssl.truststore.location",
            ca.certificate().toString());
    SharedTls tls = new SharedTls();
    tls.configure(new AdminClientConfig(settings).values());
    return tls;
  }
}
