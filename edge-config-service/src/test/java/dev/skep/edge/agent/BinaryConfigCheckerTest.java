package dev.skep.edge.agent;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryConfigCheckerTest {
  @TempDir Path dir;

  @Test
  void aCheckThatHangsSaysNothingOfTheConfiguration() throws Exception {
    Path program = Files.writeString(dir.resolve("haproxy"), "#!/bin/sh\nexec sleep 30\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    BinaryConfigChecker checker = new BinaryConfigChecker(program, Duration.ofMillis(50));

    assertThatThrownBy(() -> checker.check("any.cfg"))
        .isInstanceOf(ConfigChecker.UnavailableException.class);
  }
}
