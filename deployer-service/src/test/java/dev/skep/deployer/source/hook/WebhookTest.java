package dev.skep.deployer.source.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookTest {
  /** GitHub's documented example: "Validating webhook deliveries", testing. */
  private static final String SECRET = "It's a Secret to Everybody";

  private static final String BODY = "Hello, World!";
  private static final String SIGNATURE =
      "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  @ParameterizedTest
  @CsvSource({
    "X-Hub-Signature-256, sha256=" + SIGNATURE,
    "X-Gitea-Signature, " + SIGNATURE,
    "X-Forgejo-Signature, " + SIGNATURE,
    "X-Gitlab-Token, It's a Secret to Everybody",
  })
  void whoKnowsTheSecretIsBelieved(String header, String value) {
    assertThat(verified(Map.of(header, value), BODY, SECRET)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "X-Hub-Signature-256, " + SIGNATURE,
    "X-Hub-Signature-256, sha256=",
    "X-Hub-Signature-256, sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18",
    "X-Hub-Signature, sha1=" + SIGNATURE,
    "X-Gitea-Signature, sha256=" + SIGNATURE,
    "X-Gitea-Signature, ''",
    "X-Gitlab-Token, it's a secret to everybody",
    "X-Gitlab-Token, ''",
    "Authorization, Bearer token",
  })
  void nobodyElseIs(String header, String value) {
    assertThat(verified(Map.of(header, value), BODY, SECRET)).isEmpty();
  }

  @Test
  void aChangedBodyIsNotBelieved() {
    Map<String, String> headers = Map.of("X-Hub-Signature-256", "sha256=" + SIGNATURE);

    assertThat(verified(headers, "Hello, World?", SECRET)).isEmpty();
  }

  @Test
  void anEmptySecretIsKnownToNobody() {
    assertThat(verified(Map.of("X-Gitlab-Token", ""), BODY, "")).isEmpty();
  }

  @Test
  void aRepetitionIsKnownEvenByAnotherId() {
    String signed = "sha256=" + SIGNATURE;
    Deliveries deliveries = new Deliveries();
    Optional<String> first =
        verified(Map.of("X-Hub-Signature-256", signed, "X-GitHub-Delivery", "1"), BODY, SECRET);
    Optional<String> again =
        verified(Map.of("X-Hub-Signature-256", signed, "X-GitHub-Delivery", "2"), BODY, SECRET);

    assertThat(deliveries.first("shop", first.orElseThrow())).isTrue();
    assertThat(deliveries.first("shop", again.orElseThrow())).isFalse();
    assertThat(deliveries.first("bank", again.orElseThrow())).isTrue();
  }

  @Test
  void gitlabsDeliveriesAreKnownByTheirId() {
    Map<String, String> one = Map.of("X-Gitlab-Token", SECRET, "X-Gitlab-Event-UUID", "a");
    Map<String, String> two = Map.of("X-Gitlab-Token", SECRET, "X-Gitlab-Event-UUID", "b");

    assertThat(verified(one, BODY, SECRET)).isNotEqualTo(verified(two, BODY, SECRET));
    assertThat(verified(one, BODY, SECRET)).isEqualTo(verified(one, BODY, SECRET));
  }

  @Test
  void onlyTheLastDeliveriesAreRemembered() {
    Deliveries deliveries = new Deliveries();
    for (int i = 0; i <= 500; i++) {
      deliveries.first("shop", "delivery-" + i);
    }

    assertThat(deliveries.first("shop", "delivery-500")).isFalse();
    assertThat(deliveries.first("shop", "delivery-0")).isTrue();
  }

  private static Optional<String> verified(
      Map<String, String> headers, String body, String secret) {
    return Webhook.verified(headers::get, body.getBytes(StandardCharsets.UTF_8), secret);
  }
}
