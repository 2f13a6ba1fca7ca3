package dev.skep.deployer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentHashTest {
  private static final byte[] CONTENT = "secret".getBytes(StandardCharsets.UTF_8);

  @Test
  void aLabelMatchesItsContentOnly() {
    String label = ContentHash.label(CONTENT);

    assertThat(ContentHash.matches(label, CONTENT)).isTrue();
    assertThat(ContentHash.matches(label, "other".getBytes(StandardCharsets.UTF_8))).isFalse();
  }

  @Test
  void twoLabelsOfTheSameContentDiffer() {
    assertThat(ContentHash.label(CONTENT)).isNotEqualTo(ContentHash.label(CONTENT));
  }

  @Test
  void theLabelOfWhatFollowsOthersComesOutTheSameAgainAndOtherwiseAfterOthers() {
    String label = ContentHash.label(CONTENT, List.of("b", "a"));

    assertThat(ContentHash.label(CONTENT, List.of("a", "b"))).isEqualTo(label);
    assertThat(ContentHash.matches(label, CONTENT)).isTrue();
    assertThat(ContentHash.label(CONTENT, List.of("a"))).isNotEqualTo(label);
    assertThat(ContentHash.label(CONTENT, List.of()))
        .isNotEqualTo(ContentHash.label(CONTENT, List.of()));
  }

  @Test
  void aLabelThatIsNotUnderstoodMatchesNothing() {
    assertThat(ContentHash.matches("", CONTENT)).isFalse();
    assertThat(ContentHash.matches("1.zz.00", CONTENT)).isFalse();
    assertThat(ContentHash.matches("99999999999.00.00", CONTENT)).isFalse();
  }

  @Test
  void anEmptyContentHasALabel() {
    assertThat(ContentHash.matches(ContentHash.label(new byte[0]), new byte[0])).isTrue();
  }
}
