package dev.skep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiVersionTest {
  @ParameterizedTest
  @CsvSource({
    "1.41, 1.12, 1.41", // Engine 20.10
    "1.51, 1.24, 1.51", // Engine 28.5
    "1.52, 1.44, 1.51", // Engine 29: newer than we know, but it takes ours
    "1.43, , 1.43" // an Engine or proxy that does not say its oldest
  })
  void theNewestVersionThatBothSpeakIsTaken(String newest, String oldest, String expected) {
    // Given an Engine's range
    ApiVersion from = oldest == null ? null : ApiVersion.parse(oldest);

    // When
    ApiVersion agreed = ApiVersion.negotiate(ApiVersion.parse(newest), from);

    // Then
    assertThat(agreed).hasToString(expected);
  }

  @Test
  void anEngineThatIsTooOldIsNamedAsTheSideToUpdate() {
    assertThatThrownBy(() -> ApiVersion.negotiate(ApiVersion.parse("1.40"), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.40")
        .hasMessageContaining("update it to Docker 20.10");
  }

  @Test
  void anEngineThatIsTooNewIsMetWithUpdateSkep() {
    assertThatThrownBy(
            () -> ApiVersion.negotiate(ApiVersion.parse("1.90"), ApiVersion.parse("1.80")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("update Skep");
  }

  @ParameterizedTest
  @CsvSource({"''", "1", "1.", "v1.41", "1.41.0"})
  void whatIsNoVersionIsRefused(String text) {
    assertThatThrownBy(() -> ApiVersion.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
