package dev.skep.broker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SpaceTest {
  private static final Path DIR = Path.of("/data");

  @Test
  void tooLittleSpaceIsRefusedWithBothFigures() {
    assertThatThrownBy(() -> Space.check(DIR, 63))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("/data (63 MiB free, 64 needed)");
  }

  @Test
  void enoughSpacePasses() {
    assertThatCode(() -> Space.check(DIR, 64)).doesNotThrowAnyException();
  }
}
