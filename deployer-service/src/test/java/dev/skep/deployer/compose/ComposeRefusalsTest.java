package dev.skep.deployer.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docker's client refuses, we refuse; {@code convert.RefusedFilesIT} asks the client. */
class ComposeRefusalsTest {
  @TempDir Path dir;

  @Test
  void weRefuseWhatTheClientRefuses() throws Exception {
    List<String> taken = new ArrayList<>();
    for (String yaml : ComposeCases.refused()) {
      Path file = Files.writeString(dir.resolve("f.yml"), yaml + "\n");
      Throwable told = catchThrowable(() -> Compose.load(List.of(file), ComposeCases.VARIABLES));
      if (!(told instanceof ComposeException)) {
        taken.add(yaml + " -> " + told);
      }
    }

    assertThat(taken).isEmpty();
  }
}
