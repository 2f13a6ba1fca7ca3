package dev.skep.deployer.image.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.deployer.image.policy.ImagePolicy.Digest;
import dev.skep.deployer.image.policy.ImagePolicy.None;
import dev.skep.deployer.image.policy.ImagePolicy.Versions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagePolicyTest {
  private static final List<String> TAGS =
      List.of(
          "latest",
          "1",
          "1.4",
          "1.4.1",
          "1.4.2",
          "v1.4.3",
          "1.4.9",
          "1.5.0",
          "1.5.0-alpine",
          "1.5.1-alpine3.20",
          "1.6.0-rc.1",
          "1.6.0-rc.1-alpine",
          "2.0.0",
          "v2.0.0",
          "01.9.0",
          "1.99999999999.0",
          "sha-1.9.0",
          "1.7.0-slim");

  @Test
  void theLabelIsNoneDigestOrARange() {
    assertThat(ImagePolicy.of("")).isEqualTo(new None());
    assertThat(ImagePolicy.of(" none ")).isEqualTo(new None());
    assertThat(ImagePolicy.of("digest")).isEqualTo(new Digest());
    assertThat(ImagePolicy.of("semver  >= 1.4  <2")).hasToString("semver >=1.4 <2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"digets", "digest now", "none at all", "semver", "^1.4", "DIGEST"})
  void anythingElseIsAnError(String label) {
    assertThatThrownBy(() -> ImagePolicy.of(label)).isInstanceOf(IllegalArgumentException.class);
  }

  /** The library takes some of these for every version there is, or leaves a part of them out. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "latest",
        "banana",
        ">=",
        "^x.y",
        "^1.4-",
        ">=1.4, <2",
        "=>1.4",
        "^1.4 foo",
        "1.4 ||",
        "|| 1.4",
        "^99999999999",
        "1.2.3.4",
        "[1,2)",
        "1.2 - ",
        "^1.4 && <2",
        "1..2"
      })
  void aRangeThatIsNoneIsAnError(String range) {
    assertThatThrownBy(() -> ImagePolicy.of("semver " + range))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no range of versions");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1.4.2;^1.4;1.5.0",
        "1.4.2;~1.4.2;1.4.9",
        "1.4.2;>=1.4 <2;1.5.0",
        "1.4.2;1.x;1.5.0",
        "1.4.2;1.4 - 1.4;1.4.9",
        "1.4.2;~1.4 || ^2;2.0.0",
        "v1.4.2;^1.4 || ^2;v2.0.0",
        "1.4.2;*;2.0.0",
        "1.4.2-alpine;^1.4;1.5.0-alpine",
        "1.4.2;^1.6.0-rc.0;1.6.0-rc.1",
        "1.4.2-alpine;^1.6.0-rc.0;1.6.0-rc.1-alpine",
        "1.4.2-alpine3.20;^1.4;1.5.1-alpine3.20",
        "v1.4.0;~1.4;1.4.9",
      })
  void theNewestOfTheRangeAndOfTheSameVariantIsTaken(String now, String range, String newest) {
    assertThat(newest(now, range)).isEqualTo(newest);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"1.5.0;^1.4", "3.0.0;^1.4", "1.4.9;~1.4", "1.4.2;^1.6", "1.4.2-bookworm;^1.4"})
  void nothingOlderAndNothingElseIsTaken(String now, String range) {
    assertThat(newest(now, range)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "1.4", "1", "01.2.3", "1.2.99999999999", "x1.2.3", ""})
  void whatHasNoThreeNumbersIsNoVersion(String tag) {
    assertThat(VersionTag.of(tag)).isEmpty();
  }

  @Test
  void tagsThatAreNoVersionsAreNotKept() {
    assertThat(VersionTags.only(List.of("latest", "1.4", "1.4.2", "v1.4.2", "1.4.2")))
        .containsExactly("1.4.2", "v1.4.2");
  }

  private static String newest(String now, String range) {
    Versions policy = (Versions) ImagePolicy.of("semver " + range);
    return VersionTag.of(now)
        .orElseThrow()
        .newest(policy.range(), TAGS, Set.of())
        .map(VersionTag::tag)
        .orElse("");
  }
}
