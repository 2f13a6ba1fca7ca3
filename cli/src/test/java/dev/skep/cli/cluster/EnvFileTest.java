package dev.skep.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvFileTest {
  @TempDir Path temp;

  @Test
  void whatIsThereStaysAndOnlyWhatIsMissingIsAdded() throws Exception {
    Path file = temp.resolve(".env");
    Files.writeString(file, "# mine\nexport SKEP_DOMAIN=mine.org\nOTHER='a b'");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    Map<String, String> added =
        EnvFile.read(file).add(Map.of("SKEP_DOMAIN", "other.org", "SKEP_VIP", "10.0.0.9/24"));

    assertThat(added).containsOnlyKeys("SKEP_VIP");
    assertThat(file)
        .hasContent("# mine\nexport SKEP_DOMAIN=mine.org\nOTHER='a b'\nSKEP_VIP=10.0.0.9/24\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(EnvFile.read(file).get("OTHER")).isEqualTo("a b");
  }

  @Test
  void whatIsEmptyIsFilledWhereThereIsAValueNow() throws Exception {
    Path file = temp.resolve(".env");
    Files.writeString(file, "# mine\nSKEP_OVERRIDE=\nSKEP_VIP=\nSKEP_DOMAIN=mine.org\n");

    Map<String, String> added =
        EnvFile.read(file).add(Map.of("SKEP_OVERRIDE", "a.yml", "SKEP_VIP", ""));

    assertThat(added).containsOnlyKeys("SKEP_OVERRIDE");
    assertThat(file).hasContent("# mine\nSKEP_VIP=\nSKEP_DOMAIN=mine.org\nSKEP_OVERRIDE=a.yml\n");
  }

  @Test
  void aSecondTimeNothingIsWritten() throws Exception {
    Path file = temp.resolve(".env");
    EnvFile.read(file).add(Map.of("A", "1"));
    Object before = Files.readAttributes(file, "unix:ino").get("ino");

    assertThat(EnvFile.read(file).add(Map.of("A", "2"))).isEmpty();

    assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(before);
  }

  @Test
  void aShellReadsWhatWasMeant() throws Exception {
    Path file = temp.resolve(".env");
    EnvFile.read(file).add(Map.of("A", "two words; $HOME", "B", "x,y", "C", ""));

    Process shell =
        new ProcessBuilder(
                "sh", "-c", "set -a; . " + file + "; printf '%s|%s|%s' \"$A\" \"$B\" \"$C\"")
            .start();

    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("two words; $HOME|x,y|");
    assertThat(EnvFile.read(file).get("A")).isEqualTo("two words; $HOME");
  }
}
