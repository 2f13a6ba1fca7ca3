package dev.skep.edgeconfig.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LabelsPageTest {

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReasonIsExplained(Reason reason) throws IOException {
    String page = Files.readString(Path.of(System.getProperty("skep.root"), "docs/labels.md"));
    assertThat(page).contains("| `" + reason.word() + "` |");
  }
}
