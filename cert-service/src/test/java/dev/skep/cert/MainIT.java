package dev.skep.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.cert.pki.Chain;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.Ports;
import dev.skep.testing.WithKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own, configured by its environment. */
@WithKafka
class MainIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path dir;

  private final int port = Ports.free();
  private final HttpClient client = HttpClient.newHttpClient();
  private Process process;

  @AfterEach
  void end() {
    client.close();
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void it_serves_its_ca_to_everyone_and_ends_when_told(KafkaTest kafka) throws Exception {
    kafka.wipe();
    PrivateKeyRing.create().publicKeys().save(dir.resolve("edge-public.json"));

    start(kafka, Map.of());

    await().atMost(LIMIT).ignoreExceptions().until(() -> get("/health/ready").statusCode() == 200);
    HttpResponse<String> ca = get("/api/ca.pem");
    assertThat(ca.statusCode()).isEqualTo(200);
    assertThat(Chain.parse(ca.body()).leaf().getBasicConstraints()).isZero();
    assertThat(get("/metrics").body()).contains("skep_certificates_issued_total");
    assertThat(get("/api/anything").statusCode()).isEqualTo(401);
    process.destroy();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(log()).doesNotContain("PRIVATE KEY").doesNotContain("a-token-of-the-test");
  }

  @Test
  void bad_configuration_ends_it_with_every_problem(KafkaTest kafka) throws Exception {
    start(
        kafka,
        Map.of(
            "SKEP_ACME_DIRECTORY", "http://ca.example.org", "SKEP_CERT_DEFAULT_ISSUER", "nobody"));

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(log()).contains("SKEP_ACME_DIRECTORY is", "SKEP_CERT_DEFAULT_ISSUER is 'nobody'");
  }

  private void start(KafkaTest kafka, Map<String, String> more) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx128m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName()))
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "SKEP_KAFKA_BOOTSTRAP", kafka.bootstrapServers(),
                "SKEP_HTTP_PORT", Integer.toString(port),
                "SKEP_TOKEN", "a-token-of-the-test",
                "SKEP_KEYS_DIR", dir.toString()));
    builder.environment().putAll(more);
    process = builder.start();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String log() throws IOException {
    return Files.readString(dir.resolve("log"));
  }
}
