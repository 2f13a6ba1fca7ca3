package dev.skep.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.testing.Pebble;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates from a real ACME CA, its challenges answered by the real edge. */
@RequiresEngine
@RequiresImage("haproxy:3.4")
@RequiresCommand({"pebble", "pebble-challtestsrv", "curl"})
class AcmeUpIT {
  @TempDir Path dir;

  @Test
  void theDemoIsServedWithACertificateOfTheAcmeCa() throws Exception {
    try (Suite suite = new Suite();
        Pebble pebble = Pebble.in(dir).httpPort(suite.httpPort).start()) {
      suite.up(
          "--demo",
          "--acme-directory",
          pebble.directoryUrl().toString(),
          "--acme-email",
          "admin@example.org",
          "--acme-ca-file",
          pebble.caFile().toString());
      Files.writeString(suite.state().ca(), pebble.rootPem());

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(suite.curl("whoami.localhost", "/").output())
                      .contains("Hostname: ")
                      .contains("status=200"));

      assertThat(suite.api("/api/certificates/whoami.localhost").path("issuer").asText())
          .isEqualTo("acme");
      assertThat(pebble.orders()).isEqualTo(1);
    }
  }
}
