package dev.skep.monitor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.cluster.Service;
import dev.skep.monitor.Fixtures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiJsonTest {
  @Test
  void sealedFieldsAreLeftOutWhicheverRecordHoldsThem() {
    String json =
        write(Fixtures.certificate("example.org", Duration.ofDays(9)))
            + write(Fixtures.stack("demo", 1, 1));

    assertThat(json)
        .doesNotContain("SENTINEL", "privateKey", "orderKey", "\"body\"", "ciphertext")
        .contains("fingerprint", "observedRevision");
  }

  @Test
  void ofEnvironmentsOnlyTheNamesAreShown() {
    Service service =
        Fixtures.service(
            "web", 1, Service.Mode.REPLICATED, null, Map.of(), Map.of("TZ", "SENTINEL-value"));

    String json = write(service);

    assertThat(json).contains("\"environment\":{\"TZ\":\"***\"}").doesNotContain("SENTINEL");
  }

  @Test
  void labelsThatHoldCredentialsAreMaskedAndOthersAreNot() {
    Service service =
        Fixtures.service(
            "web",
            1,
            Service.Mode.REPLICATED,
            null,
            Map.of(
                "traefik.http.middlewares.a.basicauth.users", "admin:SENTINEL",
                "app.api-token", "SENTINEL",
                "traefik.enable", "true"),
            Map.of());

    String json = write(service);

    assertThat(json).doesNotContain("SENTINEL").contains("\"traefik.enable\":\"true\"");
  }

  private static String write(Object value) {
    return new String(ApiJson.write(value), StandardCharsets.UTF_8);
  }
}
