package dev.skep.deployer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "PASSWORD",
        "DB_PASSWORD",
        "db.passwd",
        "GITHUB_TOKEN",
        "ClientSecret",
        "API_KEY",
        "AWS_CREDENTIALS",
        "SMTP_PASS",
        "DBPASS",
        "MYSQL_PWD",
        "traefik.http.middlewares.a.basicauth.users",
        "dev.skep.content",
      })
  void namesThatSayThatTheirValueIsSecret(String name) {
    assertThat(Masking.isSecret(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PORT", "LOG_LEVEL", "AUTHORS", "COMPASS", "passthrough", "dev.skep.update", ""})
  void namesThatDoNot(String name) {
    assertThat(Masking.isSecret(name)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "--password=hunter2|--password=***",
        "export TOKEN=hunter2; run|export TOKEN=***",
        "username=a,password=hunter2,uid=1|username=a,password=***",
        "postgres://app:hunter2@db/app?x=1|postgres://app:***@db/app?x=1",
        "git clone https://hunter2@git/x|git clone https://***@git/x",
        "http://:hun@ter2@db|http://:***@db",
        "curl -H Authorization: hunter2|curl -H Authorization:***",
        "curl -H X-Api-Key: hunter2|curl -H X-Api-Key:***",
        "Bearer hunter2|Bearer ***",
        "{\"a\":1,\"password\":\"hunter2\"}|{\"a\":1,\"password\":***",
        "a: 1, token: hunter2|a: 1, token:***",
        "node.labels.key==true|node.labels.key==true",
        "quay.io/keycloak:25.0|quay.io/keycloak:25.0",
        "sleep 1000|sleep 1000",
      })
  void takesSecretsOutOfTexts(String text, String shown) {
    assertThat(Masking.text(text)).isEqualTo(shown);
  }

  @Test
  void aLongTextIsReadOnceThroughAndEndsInTheSame() {
    String text = "key".repeat(200_000);

    assertThat(Masking.text(text)).isEqualTo(text);
  }

  @Test
  void whatFollowsAFlagForASecretIsOne() throws Exception {
    assertThat(Masking.tree(Json.mapper().readTree("[\"--token\",\"hunter2\",\"next\"]"), false))
        .hasToString("[\"--token\",\"***\",\"next\"]");
  }
}
