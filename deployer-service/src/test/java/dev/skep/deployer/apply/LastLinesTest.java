package dev.skep.deployer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LastLinesTest {
  @Test
  void aLineIsPlainTextWithoutColoursAndWithoutWhatIsSecret() {
    assertThat(LastLines.plain("\u001b[1;31mERROR\u001b[0m\tno table\r"))
        .isEqualTo("ERROR no table");
    assertThat(LastLines.plain("\u001b]0;title\u0007 password=hunter2"))
        .isEqualTo("]0;title  password=***");
  }
}
