package dev.skep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFilesTest {
  @TempDir Path temp;

  @Test
  void whatIsNotOursSurvivesAPurge() throws Exception {
    Path dir = Files.createDirectories(temp.resolve("srv"));
    Files.createDirectories(dir.resolve("certs"));
    Files.writeString(dir.resolve("certs/default.pem"), "x");
    Files.writeString(dir.resolve("thesis.txt"), "x");

    List<Path> left = OwnFiles.ofEdge(dir.toString()).delete();

    assertThat(left).containsExactly(Path.of("thesis.txt"));
    assertThat(dir.resolve("thesis.txt")).exists();
    assertThat(dir.resolve("certs")).doesNotExist();
  }

  @Test
  void aDirectoryOfOursAloneGoesWholly() throws Exception {
    Path dir = Files.createDirectories(temp.resolve("edge"));
    Files.writeString(dir.resolve("haproxy.cfg"), "x");
    Files.writeString(dir.resolve(".state.json.new"), "x");

    List<Path> left = OwnFiles.ofEdge(dir.toString()).delete();

    assertThat(left).isEmpty();
    assertThat(dir).doesNotExist();
  }

  @Test
  void aLinkIsRemovedAndNotFollowed() throws Exception {
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("kept"), "x");
    Path dir = Files.createDirectories(temp.resolve("edge"));
    Files.createSymbolicLink(dir.resolve("certs"), elsewhere);

    List<Path> left = OwnFiles.ofEdge(dir.toString()).delete();

    assertThat(left).isEmpty();
    assertThat(elsewhere.resolve("kept")).exists();
  }
}
