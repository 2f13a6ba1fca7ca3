package dev.skep.deployer.source.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.deployer.source.git.SourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitiesTest {
  @TempDir Path dir;

  @Test
  void severalAreReadAsAgeKeygenWritesThem() throws Exception {
    Identities read =
        read(
            "# created: today\r\n# public key: x\n%s\r\n\n%s"
                .formatted(TestAge.ONE_KEY, TestAge.TWO_KEY));

    assertThat(read.lines()).isEqualTo(TestAge.ONE_KEY + "\n" + TestAge.TWO_KEY);
    assertThat(read.recipients()).containsExactly(TestAge.ONE, TestAge.TWO);
    assertThat(read.readers()).hasSize(2);
    assertThat(read.toString()).doesNotContain("AGE-SECRET-KEY");
  }

  @Test
  void noFileMeansNone() throws Exception {
    assertThat(Identities.read(Optional.empty()).isEmpty()).isTrue();
  }

  @Test
  void aChangedIdentityIsAChange() throws Exception {
    Map<String, String> variables = Map.of("A", "b");

    assertThat(Identities.none().besides(variables)).isEqualTo(variables);
    assertThat(read(TestAge.ONE_KEY).besides(variables))
        .isNotEqualTo(variables)
        .isNotEqualTo(read(TestAge.TWO_KEY).besides(variables));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AGE-SECRET-KEY-1QQQQ",
        "AGE-PLUGIN-YUBIKEY-1QQQQ",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "hunter2"
      })
  void anotherKindIsRefusedByItsLineWithoutBeingQuoted(String line) {
    assertThatThrownBy(() -> read("# a comment\n" + line + "\n"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("age-keygen")
        .hasMessageNotContaining(line)
        .hasNoCause();
  }

  @Test
  void anEmptyFileAndOneThatIsNotThereAreTold() {
    assertThatThrownBy(() -> read("# nothing\n")).hasMessageContaining("holds no identity");
    assertThatThrownBy(() -> Identities.read(Optional.of(dir.resolve("none"))))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("give the deployer a secret of that name");
  }

  private Identities read(String text) throws Exception {
    return Identities.read(Optional.of(Files.writeString(dir.resolve("key"), text)));
  }
}
