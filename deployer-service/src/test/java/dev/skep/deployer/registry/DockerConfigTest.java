package dev.skep.deployer.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerConfigTest {
  private static DockerConfig parse(String json) {
    return DockerConfig.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aPasswordMayHoldColonsAndIsFreedOfZeros() {
    DockerConfig config =
        parse("{\"auths\":{\"r:5000\":{\"auth\":\"" + base64("me:a:b\0\0") + "\"}}}");

    assertThat(config.login("r:5000")).contains(Login.ofPassword("r:5000", "me", "a:b"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://index.docker.io/v1/, https://index.docker.io/v1/, true",
    "https://r.example:5000/v2/, r.example:5000, true",
    "r.example, r.example, true",
    "r.example, r.example:5000, false",
    "https://index.docker.io/v1/, docker.io, false"
  })
  void aLoginIsFoundByItsAddressOrByTheHostOfAnOldOne(String key, String asked, boolean found) {
    DockerConfig config = parse("{\"auths\":{\"" + key + "\":{\"identitytoken\":\"t\"}}}");

    assertThat(config.login(asked).isPresent()).isEqualTo(found);
  }

  @Test
  void aRegistrysOwnHelperGoesBeforeTheStoreAndAnEmptyOneMeansTheFile() {
    DockerConfig config = parse("{\"credsStore\":\"s\",\"credHelpers\":{\"a\":\"h\",\"b\":\"\"}}");

    assertThat(config.helper("a")).isEqualTo("h");
    assertThat(config.helper("b")).isEmpty();
    assertThat(config.helper("c")).isEqualTo("s");
    assertThat(parse("{}").helper("a")).isEmpty();
  }

  @Test
  void whatDockerLoginLeavesBesideAHelperIsNoLogin() {
    assertThat(parse("{\"auths\":{\"a\":{}}}").login("a")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"auths\":{\"a\":{\"auth\":\"hunter2\"}}} | 'auth' of a is not USER:PASSWORD",
        "{\"auths\":{\"a\":{\"auth\":\"aHVudGVyMg==\"}}} | 'auth' of a is not USER:PASSWORD",
        "{\"auths\": hunter2} | not JSON at line 1, column",
        "[\"hunter2\"] | not a JSON object"
      })
  void errorsSayWhereAndQuoteNothing(String content, String expected) {
    assertThatThrownBy(() -> parse(content))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected)
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }

  @Test
  void nothingSecretIsPrinted() {
    DockerConfig config = parse("{\"auths\":{\"a\":{\"auth\":\"" + base64("me:hunter2") + "\"}}}");

    assertThat(config.toString() + config.login("a")).contains("[a]").doesNotContain("hunter2");
  }
}
