package dev.skep.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.testing.RequiresCommand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryKitIT {
  private static final String PASSPHRASE = "correct horse battery";

  private static final Material MATERIAL = Material.create(Clock.systemUTC(), "");

  @TempDir Path temp;

  @Test
  void whatWentInComesOutAndNothingOfItIsReadable() throws Exception {
    Path kit = written();

    assertThat(RecoveryKit.open(kit, PASSPHRASE.toCharArray())).isEqualTo(MATERIAL);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kit)))
        .isEqualTo("rw-------");
    String bytes = Files.readString(kit, StandardCharsets.ISO_8859_1);
    assertThat(bytes).startsWith("age-encryption.org/v1\n-> scrypt ");
    assertThat(bytes).doesNotContain("PRIVATE").doesNotContain(MATERIAL.set());
    assertThat(temp).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void anotherPassphraseDoesNotOpenIt() {
    Path kit = written();

    assertThatThrownBy(() -> RecoveryKit.open(kit, "correct horse batterie".toCharArray()))
        .isInstanceOf(RecoveryKit.NotOpened.class)
        .hasMessageContaining(kit.toString());
  }

  @Test
  void anAlteredOneDoesNotOpen() throws Exception {
    Path kit = written();
    byte[] bytes = Files.readAllBytes(kit);
    bytes[bytes.length - 100] ^= 1;
    Files.write(kit, bytes);

    assertThatThrownBy(() -> RecoveryKit.open(kit, PASSPHRASE.toCharArray()))
        .isInstanceOf(RecoveryKit.NotOpened.class);
  }

  @Test
  @RequiresCommand({"age", "script"})
  void ageOpensItWithoutSkep() throws Exception {
    Path kit = written();
    Path clear = temp.resolve("clear.json");

    // age asks on a terminal only; script is one.
    Process age =
        new ProcessBuilder(
                "script", "-qec", "age -d -o " + clear + " " + kit, temp.resolve("log").toString())
            .redirectErrorStream(true)
            .start();
    try (var typed = age.getOutputStream()) {
      typed.write((PASSPHRASE + "\n").getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(age.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(age.waitFor()).as(said).isZero();
    assertThat(Material.fromJson(Files.readAllBytes(clear))).isEqualTo(MATERIAL);
  }

  private Path written() {
    Path kit = temp.resolve("kit.age");
    RecoveryKit.write(kit, MATERIAL, PASSPHRASE.toCharArray());
    return kit;
  }
}
