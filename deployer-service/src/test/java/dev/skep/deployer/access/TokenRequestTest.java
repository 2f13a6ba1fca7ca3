package dev.skep.deployer.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.model.Json;
import dev.skep.model.access.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenRequestTest {
  @Test
  void aNameAndARoleAreEnough() throws Exception {
    assertThat(read("{\"name\":\"ci\",\"role\":\"operator\"}"))
        .isEqualTo(new TokenRequest("ci", Role.OPERATOR, null));
  }

  @Test
  void itMayEnd() throws Exception {
    assertThat(read("{\"name\":\"ci\",\"role\":\"viewer\",\"expires\":\"90d\"}").life())
        .isEqualTo(Duration.ofDays(90));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | send {",
        "{\"role\":\"viewer\"} | name must be",
        "{\"name\":\"Anna\",\"role\":\"viewer\"} | name must be",
        "{\"name\":7,\"role\":\"viewer\"} | name must be",
        "{\"name\":\"root\",\"role\":\"viewer\"} | choose another name",
        "{\"name\":\"ci\"} | viewer, operator, admin",
        "{\"name\":\"ci\",\"role\":\"ADMIN\"} | viewer, operator, admin",
        "{\"name\":\"ci\",\"role\":\"viewer\",\"expires\":\"soon\"} | expires",
        "{\"name\":\"ci\",\"role\":\"viewer\",\"expires\":\"1s\"} | from 1m to 3650d",
        "{\"name\":\"ci\",\"role\":\"viewer\",\"expires\":\"9999d\"} | from 1m to 3650d",
        "{\"name\":\"ci\",\"role\":\"viewer\",\"expires\":\"99999999999999999999d\"} | expires",
        "{\"name\":\"ci\",\"role\":\"viewer\",\"expire\":\"90d\"} | unknown: expire"
      })
  void whatIsWrongIsSaid(String json, String said) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  private static TokenRequest read(String json) throws Exception {
    return TokenRequest.fromJson(Json.mapper().readTree(json));
  }
}
