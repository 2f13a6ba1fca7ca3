package dev.skep.deployer.source.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.deployer.source.secret.SopsDocument.Format;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SopsDocumentTest {
  private static final String ONE = TestAge.ONE;

  @Test
  void eachFormIsKnownByItsContent() throws Exception {
    assertThat(format("compose.yml", TestSops.yaml(ONE))).isEqualTo(Format.YAML);
    assertThat(format("x.json", TestSops.json(ONE))).isEqualTo(Format.JSON);
    assertThat(format("x.enc", TestSops.json(ONE))).isEqualTo(Format.JSON);
    assertThat(format("key.pem", TestSops.binary(ONE))).isEqualTo(Format.BINARY);
    assertThat(format("data.json", TestSops.binary(ONE))).isEqualTo(Format.JSON);
    assertThat(format("prod.env.enc", TestSops.dotenv(ONE))).isEqualTo(Format.DOTENV);
    assertThat(format("crlf.env", TestSops.dotenv(ONE).replace("\n", "\r\n")))
        .isEqualTo(Format.DOTENV);
  }

  @Test
  void itsRecipientsAreRead() throws Exception {
    for (String text :
        new String[] {TestSops.yaml(ONE), TestSops.json(ONE), TestSops.dotenv(ONE)}) {
      assertThat(read("x", text).orElseThrow().keys())
          .singleElement()
          .satisfies(
              key -> {
                assertThat(key.recipient()).isEqualTo(ONE);
                assertThat(key.encrypted())
                    .startsWith("-----BEGIN AGE ENCRYPTED FILE-----\n")
                    .contains("\n-----END AGE ENCRYPTED FILE-----");
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "services: {web: {image: x}}",
        "sops: is a program\nmac: ENC[AES256_GCM, and so on]",
        "{\"sops\": {\"mac\": \"none\"}}",
        "sops_version=3\nA=b",
        ""
      })
  void whatIsNotEncryptedIsNone(String text) throws Exception {
    assertThat(read("x", text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password: %s",
        "A=%s",
        "[sops]\nmac = %s",
        "{\"password\": \"%s\"}",
        "{\"password\": \"%s\"",
        "sops: [%s",
        "sops: 1\nx: %s\nsops: 2"
      })
  void encryptedValuesNeverPassAsTheyAre(String form) {
    assertThatThrownBy(() -> read("a/x", form.formatted(TestSops.VALUE)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'a/x' holds values that SOPS encrypted")
        .hasMessageContaining("as SOPS wrote it")
        .hasMessageNotContaining("ENC[");
  }

  @Test
  void groupsOfKeysAreRefusedForTheyAskOthers() {
    String yaml =
        TestSops.yaml(ONE) + "    key_groups: [{hc_vault: [{vault_address: 'http://x'}]}]\n";
    String json = TestSops.json(ONE).replace("\"sops\" : {", "\"sops\" : { \"key_groups\": [{}],");
    String dotenv = TestSops.dotenv(ONE) + "sops_key_groups__list_0__map_x=y\n";

    for (String text : new String[] {yaml, json, dotenv}) {
      assertThatThrownBy(() -> read("x", text)).hasMessageContaining("groups of keys");
    }
  }

  private static Format format(String path, String text) throws IOException {
    return read(path, text).orElseThrow().format();
  }

  private static Optional<SopsDocument> read(String path, String text) throws IOException {
    return SopsDocument.read(path, text.getBytes(UTF_8));
  }
}
