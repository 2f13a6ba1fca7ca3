package dev.skep.edge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeDirectoryTest {
  @TempDir Path temp;

  @Test
  void aLinkInPlaceOfADirectoryIsNotFollowed() throws Exception {
    Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path root = Files.createDirectory(temp.resolve("edge"));
    Files.createSymbolicLink(root.resolve("certs"), elsewhere);
    EdgeDirectory dir = new EdgeDirectory(root, -1);

    assertThatThrownBy(() -> dir.prepare(List.of("certs")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("symbolic link");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(elsewhere)))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void secretsAreForTheirOwnerAlone() throws Exception {
    EdgeDirectory dir = new EdgeDirectory(temp.resolve("edge"), -1);
    dir.prepare(List.of("certs"));

    dir.write("certs/a.pem", "key", true);

    Path file = temp.resolve("edge/certs/a.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
  }
}
