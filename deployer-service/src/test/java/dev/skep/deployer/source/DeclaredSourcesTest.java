package dev.skep.deployer.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.declare.SourcesFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclaredSourcesTest {
  @TempDir Path dir;

  @Test
  void aChangeIsToldOnce() throws Exception {
    Path file = write("sources: {shop: {url: /srv/shop}}");
    DeclaredSources declared = new DeclaredSources(file, dir);

    assertThat(names(declared.changed().orElseThrow())).containsExactly("shop");
    assertThat(declared.changed()).isEmpty();
    write("sources: {bank: {url: /srv/bank}}");
    assertThat(names(declared.changed().orElseThrow())).containsExactly("bank");
    assertThat(declared.changed()).isEmpty();
  }

  @Test
  void aFileThatIsNotThereMayComeAndGo() throws Exception {
    Path file = dir.resolve("sources.yml");
    DeclaredSources declared = new DeclaredSources(file, dir);

    assertThat(declared.changed()).contains(SourcesFile.none());
    assertThat(declared.changed()).isEmpty();
    write("sources: {shop: {url: /srv/shop}}");
    assertThat(names(declared.changed().orElseThrow())).containsExactly("shop");
    Files.delete(file);
    assertThat(declared.changed()).contains(SourcesFile.none());
  }

  @Test
  void anEmptyFileDeclaresNothing() throws Exception {
    DeclaredSources declared = new DeclaredSources(write("# nothing yet\n\n"), dir);

    assertThat(declared.changed()).contains(SourcesFile.none());
  }

  @Test
  void aFileThatCannotBeReadIsToldAndIsNotTheSameAsNone() throws Exception {
    DeclaredSources broken = new DeclaredSources(write("sources: ["), dir);
    DeclaredSources large = new DeclaredSources(dir.resolve("large"), dir);
    Files.write(dir.resolve("large"), new byte[1024 * 1024 + 1]);

    assertThat(broken.changed().orElseThrow().unreadable()).isTrue();
    SourcesFile told = large.changed().orElseThrow();
    assertThat(told.unreadable()).isTrue();
    assertThat(told.problems().getFirst().toString()).contains("cannot be read", "bytes");
    assertThat(large.changed()).isEmpty();
    assertThat(SourcesFile.none().unreadable()).isFalse();
  }

  private Path write(String text) throws Exception {
    return Files.writeString(dir.resolve("sources.yml"), text);
  }

  private static List<String> names(SourcesFile file) {
    return file.sources().stream().map(Source::name).toList();
  }
}
