package dev.skep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirTest {
  @TempDir Path temp;

  @Test
  void anothersDirectoryIsRefusedAndKeepsItsMode() throws Exception {
    Path dir = Files.createDirectory(temp.resolve("home"));
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(dir.resolve("thesis.txt"), "x");

    assertThatThrownBy(() -> new StateDir(dir).prepare())
        .isInstanceOf(CliException.class)
        .hasMessageContaining("--state-dir");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir)))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void aDirectoryWithTheLaunchersNotesIsTakenAndClosedToOthers() throws Exception {
    Path dir = temp.resolve("state");
    Files.createDirectories(dir.resolve("engine"));

    new StateDir(dir).prepare();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir)))
        .isEqualTo("rwx------");
    assertThat(dir).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void theTokenIsForItsOwnerAlone() throws Exception {
    StateDir state = new StateDir(temp.resolve("state"));
    state.prepare();

    String token = state.tokenValue();

    assertThat(token).hasSizeGreaterThan(40).isEqualTo(state.tokenValue());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.token())))
        .isEqualTo("rw-------");
  }
}
