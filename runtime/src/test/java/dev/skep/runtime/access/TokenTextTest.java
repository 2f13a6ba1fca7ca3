package dev.skep.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTextTest {
  @Test
  void aTokenSaysWhoseItIsAndHas256RandomBits() {
    String token = TokenText.create("ci-main");

    assertThat(token).matches("skep_ci-main_[0-9a-f]{64}");
    assertThat(TokenText.name(token)).contains("ci-main");
  }

  @Test
  void noTwoAreAlike() {
    assertThat(IntStream.range(0, 1000).mapToObj(i -> TokenText.create("ci")))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "A", "a b", "a_b", "a/b", "ü"})
  void whatIsNoNameMakesNoToken(String name) {
    assertThat(TokenText.isName(name)).isFalse();
    assertThatThrownBy(() -> TokenText.create(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNameHasAnEnd() {
    String longest = "a".repeat(40);

    assertThat(TokenText.isName(longest)).isTrue();
    assertThat(TokenText.isName(longest + "a")).isFalse();
  }

  @Test
  void whatDoesNotLookLikeOneHasNoName() {
    String digits = String.join("", Collections.nCopies(64, "0"));

    assertThat(TokenText.name("skep_ci_" + digits)).contains("ci");
    assertThat(TokenText.name("skep_ci_" + digits + "0")).isEmpty();
    assertThat(TokenText.name("skep_ci_" + digits.substring(1))).isEmpty();
    assertThat(TokenText.name(" skep_ci_" + digits)).isEmpty();
    assertThat(TokenText.name("skep_" + digits)).isEmpty();
  }

  /** As any other program would: an export must be readable by the next version. */
  @Test
  void theHashIsPlainSha256() {
    assertThat(TokenText.hash("abc"))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void aTokenWrittenInTheWrongPlaceIsMasked() {
    String token = TokenText.create("ci");

    assertThat(TokenText.masked("/api/" + token + "/x")).isEqualTo("/api/skep_ci_***/x");
  }
}
