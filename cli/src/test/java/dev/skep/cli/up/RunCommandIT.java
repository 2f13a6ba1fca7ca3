package dev.skep.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandIT {
  @TempDir Path dir;

  @Test
  void aStartThatFailsEndsTheProcess() throws Exception {
    Path state = Files.createDirectory(dir.resolve("state"));
    Path log = dir.resolve("log");
    Files.writeString(state.resolve("kafka"), "no directory");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.skep.cli.Main",
                "run",
                "--state-dir",
                state.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);

      assertThat(ended).as(Files.readString(log, StandardCharsets.UTF_8)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(state.resolve("running.json")).doesNotExist();
    } finally {
      process.destroyForcibly();
    }
  }
}
