package dev.skep.deployer.image.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skep.deployer.image.remote.StandInRegistry.Answer;
import dev.skep.engine.RegistryAuth;
import dev.skep.testing.TestCa;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryClientTest {
  private static final String LIST = "/v2/team/app/tags/list?n=1000";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String AUTH = RegistryAuth.of("ann", "pw", "r").header();
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("ann:pw".getBytes(StandardCharsets.UTF_8));

  private StandInRegistry registry;
  private RegistryClient client;

  @BeforeEach
  void start() throws Exception {
    registry = new StandInRegistry();
    client =
        new RegistryClient(
            Set.of(registry.host()), SSLContext.getDefault(), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void allPagesAreRead() throws Exception {
    registry
        .on(
            LIST,
            new Answer(
                200,
                Map.of("Link", "</v2/team/app/tags/list?last=b&n=1000>; rel=\"next\""),
                "{\"tags\":[\"a\",\"b\"]}"))
        .on("/v2/team/app/tags/list?last=b&n=1000", Answer.ok("{\"tags\":[\"c\"]}"));

    assertThat(client.tags(registry.host(), "team/app", "")).containsExactly("a", "b", "c");
  }

  @Test
  void aRepositoryWithoutTagsHasNone() throws Exception {
    registry.on(LIST, Answer.ok("{\"name\":\"team/app\",\"tags\":null}"));

    assertThat(client.tags(registry.host(), "team/app", "")).isEmpty();
  }

  @Test
  void pagesAreBounded() {
    registry.on(
        LIST, new Answer(200, Map.of("Link", "<" + LIST + ">; rel=\"next\""), "{\"tags\":[]}"));

    assertThatThrownBy(() -> client.tags(registry.host(), "team/app", ""))
        .hasMessageContaining("remove old ones");
    assertThat(registry.requests()).hasSize(50);
  }

  @Test
  void aNextPageOnAnotherHostIsNotAsked() {
    registry.on(
        LIST,
        new Answer(
            200, Map.of("Link", "<http://127.0.0.1:1/v2/x>; rel=\"next\""), "{\"tags\":[]}"));

    assertThatThrownBy(() -> client.tags(registry.host(), "team/app", AUTH))
        .hasMessageContaining("another host");
  }

  @Test
  void aLoginByTokenIsMadeWhereTheRegistrySays() throws Exception {
    String realm = "http://" + registry.host() + "/token";
    registry
        .on(
            LIST,
            new Answer(
                401,
                Map.of(
                    "WWW-Authenticate",
                    "Bearer realm=\"%s\",service=\"reg\",scope=\"repository:team/app:pull\""
                        .formatted(realm)),
                ""))
        .on(
            "/token?service=reg&scope=repository%3Ateam%2Fapp%3Apull as " + BASIC,
            Answer.ok("{\"token\":\"t1\"}"))
        .on(LIST + " as Bearer t1", Answer.ok("{\"tags\":[\"1\"]}"));

    assertThat(client.tags(registry.host(), "team/app", AUTH)).containsExactly("1");
  }

  @Test
  void anIdentityTokenIsExchanged() throws Exception {
    String auth =
        Base64.getUrlEncoder()
            .encodeToString("{\"identitytoken\":\"i d\"}".getBytes(StandardCharsets.UTF_8));
    registry
        .on(
            LIST,
            new Answer(
                401,
                Map.of(
                    "WWW-Authenticate",
                    "Bearer realm=\"http://%s/token\",service=\"reg\"".formatted(registry.host())),
                ""))
        .on(
            "/token with grant_type=refresh_token&client_id=skep&service=reg&scope=repository%3Ateam%2Fapp%3Apull&refresh_token=i+d",
            Answer.ok("{\"access_token\":\"t2\"}"))
        .on(LIST + " as Bearer t2", Answer.ok("{\"tags\":[\"1\"]}"));

    assertThat(client.tags(registry.host(), "team/app", auth)).containsExactly("1");
  }

  @Test
  void aLoginByPasswordIsSentOnlyWhenItIsAskedFor() throws Exception {
    registry
        .on(LIST, new Answer(401, Map.of("WWW-Authenticate", "Basic realm=\"r\""), ""))
        .on(LIST + " as " + BASIC, Answer.ok("{\"tags\":[\"1\"]}"));

    assertThat(client.tags(registry.host(), "team/app", AUTH)).containsExactly("1");
    assertThat(registry.requests()).containsExactly(LIST, LIST + " as " + BASIC);
  }

  @Test
  void aLoginThatIsRefusedIsToldWithoutIt() {
    registry.on(LIST, new Answer(401, Map.of("WWW-Authenticate", "Basic realm=\"r\""), ""));
    registry.on(LIST + " as " + BASIC, new Answer(401, Map.of(), ""));

    assertThatThrownBy(() -> client.tags(registry.host(), "team/app", AUTH))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("--with-registry-auth")
        .hasMessageNotContaining("pw");
  }

  @Test
  void aRedirectionIsNotFollowed() {
    registry.on(LIST, new Answer(307, Map.of("Location", "http://127.0.0.1:1/"), ""));

    assertThatThrownBy(() -> client.tags(registry.host(), "team/app", ""))
        .hasMessageContaining("307");
  }

  @Test
  void aRegistryThatIsNotDeclaredIsAskedByTls() throws Exception {
    // The other side waits for more of what it takes for a request.
    Duration patience = Duration.ofMillis(500);
    try (RegistryClient strict =
        new RegistryClient(Set.of(), SSLContext.getDefault(), Clock.systemUTC(), patience)) {
      registry.on(LIST, Answer.ok("{\"tags\":[\"1\"]}"));

      assertThatThrownBy(() -> strict.tags(registry.host(), "team/app", AUTH))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("SKEP_REGISTRY_INSECURE");
      assertThat(registry.requests()).isEmpty();
    }
  }

  @Test
  void aCaOfOnesOwnIsTrustedWhereItIsNamed(@TempDir Path dir) throws Exception {
    TestCa ca = new TestCa(dir);
    try (StandInRegistry secured = new StandInRegistry(StandInRegistry.tls(ca));
        RegistryClient stranger =
            new RegistryClient(Set.of(), SSLContext.getDefault(), Clock.systemUTC());
        RegistryClient knowing =
            new RegistryClient(Set.of(), RegistryTrust.with(ca.certificate()), Clock.systemUTC())) {
      secured.on(LIST, Answer.ok("{\"tags\":[\"1\"]}"));

      assertThat(knowing.tags(secured.host(), "team/app", "")).containsExactly("1");
      assertThatThrownBy(() -> stranger.tags(secured.host(), "team/app", ""))
          .hasMessageContaining("SKEP_REGISTRY_CA_FILE");
    }
  }

  @Test
  void howLongItWantsToBeLeftAloneIsTold() {
    registry.on(LIST, new Answer(429, Map.of("Retry-After", "90"), ""));

    RegistryException told =
        catchThrowableOfType(
            RegistryException.class, () -> client.tags(registry.host(), "team/app", ""));

    assertThat(told.retryAfter()).contains(Duration.ofSeconds(90));
  }

  @Test
  void retryAfterIsReadInBothFormsAndBounded() {
    Duration other = Duration.ofMinutes(5);
    assertThat(RetryAfter.of(Optional.empty(), NOW, other)).isEqualTo(other);
    assertThat(RetryAfter.of(Optional.of("soon"), NOW, other)).isEqualTo(other);
    assertThat(RetryAfter.of(Optional.of("0"), NOW, other)).isEqualTo(Duration.ofSeconds(1));
    assertThat(RetryAfter.of(Optional.of("999999999"), NOW, other)).isEqualTo(Duration.ofHours(6));
    assertThat(RetryAfter.of(Optional.of("Thu, 1 Jan 2026 00:02:00 GMT"), NOW, other))
        .isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void whatIsNoJsonIsAnError() {
    registry.on(LIST, Answer.ok("<html>"));

    assertThatThrownBy(() -> client.tags(registry.host(), "team/app", ""))
        .hasMessageContaining("JSON");
  }
}
