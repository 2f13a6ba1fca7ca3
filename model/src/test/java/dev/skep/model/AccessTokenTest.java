package dev.skep.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.access.AccessToken;
import dev.skep.model.access.Role;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTokenTest {
  private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "VIEWER,VIEWER,true",
    "VIEWER,OPERATOR,false",
    "VIEWER,ADMIN,false",
    "OPERATOR,VIEWER,true",
    "OPERATOR,OPERATOR,true",
    "OPERATOR,ADMIN,false",
    "ADMIN,VIEWER,true",
    "ADMIN,OPERATOR,true",
    "ADMIN,ADMIN,true"
  })
  void aRoleMayWhatThoseBeforeItMay(Role has, Role needed, boolean covered) {
    assertThat(has.covers(needed)).isEqualTo(covered);
  }

  @Test
  void rolesAreReadAsTheyAreWritten() {
    assertThat(Role.values()).allSatisfy(r -> assertThat(Role.named(r.id())).contains(r));
    assertThat(Role.named("Admin")).isEmpty();
    assertThat(Role.named("")).isEmpty();
  }

  @Test
  void aTokenIsWorthNothingFromItsEndOn() {
    AccessToken token = new AccessToken("ci", Role.OPERATOR, "00", NOW, "root", NOW);

    assertThat(token.expired(NOW.minusMillis(1))).isFalse();
    assertThat(token.expired(NOW)).isTrue();
    assertThat(new AccessToken("ci", Role.OPERATOR, "00", NOW, "root", null).expired(NOW))
        .isFalse();
  }

  @Test
  void aTokenIsReadAsItWasWritten() throws Exception {
    AccessToken token = new AccessToken("ci", Role.OPERATOR, "00", NOW, "root", null);

    byte[] written = Codecs.TOKENS.write(token);

    assertThat(new String(written, java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"role\":\"OPERATOR\"");
    assertThat(Json.mapper().readValue(written, AccessToken.class)).isEqualTo(token);
  }
}
