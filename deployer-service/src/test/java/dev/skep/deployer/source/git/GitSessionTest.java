package dev.skep.deployer.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.deployer.StoppedClock;
import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.declare.SourcesFile;
import dev.skep.deployer.source.read.Discovery;
import dev.skep.deployer.source.read.Listing;
import dev.skep.deployer.source.read.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitSessionTest {
  private static final long LIMIT = 1024 * 1024;
  private static final String WEB = "services: {web: {image: 'web:1'}}";

  @TempDir Path dir;
  private Path work;
  private TestRepository repository;

  @BeforeEach
  void make() throws IOException {
    work = Files.createDirectory(dir.resolve("work"));
    repository = new TestRepository(dir.resolve("shop.git"));
  }

  @AfterEach
  void close() {
    repository.close();
  }

  @Test
  void bringsTheNewestCommitOfABranch() throws Exception {
    repository.file("a.yml", "one").commit("main");
    String newest =
        repository.file("a.yml", "two").file("stacks/web/compose.yml", "x").commit("main");
    repository.file("a.yml", "other").commit("dev");

    try (GitSession session = open("branch: main")) {
      assertThat(session.tip()).isEqualTo(newest);
      Snapshot snapshot = session.fetch(Clock.systemUTC());
      assertThat(snapshot.commit()).isEqualTo(newest);
      assertThat(text(snapshot, "a.yml")).isEqualTo("two");
      assertThat(snapshot.list("")).isEqualTo(new Listing(Set.of("stacks"), Set.of("a.yml")));
      assertThat(snapshot.list("stacks").folders()).containsExactly("web");
      assertThat(snapshot.list("stacks/web").others()).containsExactly("compose.yml");
      assertThat(snapshot.list("none")).isEqualTo(Listing.NONE);
      assertThat(snapshot.list("a.yml/none")).isEqualTo(Listing.NONE);
      assertThat(snapshot.list("a.yml")).isEqualTo(Listing.NONE);
      assertThat(snapshot.isFile("stacks/web/compose.yml")).isTrue();
      assertThat(snapshot.isFile("stacks/web")).isFalse();
    }
  }

  @Test
  void takesTheDefaultBranchWhereNoneIsNamed() throws Exception {
    String commit = repository.file("a", "main").commit("main");

    try (GitSession session = open("prune: false")) {
      assertThat(session.fetch(Clock.systemUTC()).commit()).isEqualTo(commit);
    }
  }

  @Test
  void bringsTheCommitOfATag() throws Exception {
    String tagged = repository.file("a", "tagged").commit("main");
    repository.tag("v1", tagged);
    repository.file("a", "later").commit("main");

    try (GitSession session = open("tag: v1")) {
      Snapshot snapshot = session.fetch(Clock.systemUTC());
      assertThat(snapshot.commit()).isEqualTo(tagged);
      assertThat(text(snapshot, "a")).isEqualTo("tagged");
    }
  }

  @Test
  void whatItBringsIsPrivateAndGoneAfterwards() throws Exception {
    repository.file("a", "x").commit("main");

    try (GitSession session = open("branch: main")) {
      session.fetch(Clock.systemUTC());
      try (Stream<Path> made = Files.list(work)) {
        assertThat(made)
            .hasSize(1)
            .allSatisfy(
                p ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(p)))
                        .isEqualTo("rwx------"));
      }
    }

    assertThat(work).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/passwd",
    "../../etc/passwd",
    "../..",
    "./../../x",
    "./../../../etc/passwd",
  })
  void aLinkThatLeadsOutIsRefused(String target) throws Exception {
    repository.file("stacks/a", "x").link("stacks/link", target).commit("main");

    assertRefused("stacks/link", "leads out of the repository");
  }

  @Test
  void aFolderThatIsALinkOutIsRefused() throws Exception {
    repository.link("stacks/etc", "/etc").link("up", "../..").commit("main");

    assertRefused("stacks/etc/passwd", "leads out of the repository");
    assertRefused("up/etc/passwd", "leads out of the repository");
  }

  @Test
  void linksWithinTheRepositoryAreFollowed() throws Exception {
    repository
        .file("common/env", "A=b")
        .link("stacks/web/env", "../../common/env")
        .link("shared", "common")
        .link("stacks/web/dir", "./../../shared")
        .commit("main");

    try (GitSession session = open("branch: main")) {
      Snapshot snapshot = session.fetch(Clock.systemUTC());
      assertThat(text(snapshot, "stacks/web/env")).isEqualTo("A=b");
      assertThat(text(snapshot, "stacks/web/dir/env")).isEqualTo("A=b");
      assertThat(text(snapshot, "shared/../common/env")).isEqualTo("A=b");
    }
  }

  @Test
  void linksInACircleEnd() throws Exception {
    repository.link("a", "b").link("b", "a").commit("main");

    assertRefused("a", "more than 40 links");
  }

  @Test
  void submodulesAndLargeFileStorageAreNotRead() throws Exception {
    repository
        .submodule("vendor")
        .file("big", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
        .commit("main");

    assertRefused("vendor/compose.yml", "submodules are not read");
    assertRefused("big", "kept by Git LFS");
  }

  @Test
  void aMissingFileIsToldAsSuch() throws Exception {
    repository.file("a", "x").commit("main");

    try (GitSession session = open("branch: main")) {
      Snapshot snapshot = session.fetch(Clock.systemUTC());
      assertThatThrownBy(() -> snapshot.read("b", LIMIT))
          .isInstanceOf(IOException.class)
          .hasMessage("there is no file 'b'")
          .hasCauseInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> snapshot.read("a/b", LIMIT)).hasMessage("there is no file 'a/b'");
    }
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() throws Exception {
    repository.file("a", "12345").commit("main");

    try (GitSession session = open("branch: main")) {
      Snapshot snapshot = session.fetch(Clock.systemUTC());
      assertThatThrownBy(() -> snapshot.read("a", 4))
          .hasMessage("'a' has 5 bytes, at most 4 are allowed");
    }
  }

  @Test
  void aCommitThatIsTooLargeIsNotTakenIn() throws Exception {
    byte[] noise = new byte[400_000];
    new Random(1).nextBytes(noise);
    repository.file("noise", noise).commit("main");

    assertThatThrownBy(() -> fetch(new Limits(100_000, LIMIT, 100, Duration.ofMinutes(1))))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("too large");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void aSmallPackWithALargeFileIsNotTakenIn() throws Exception {
    repository.file("zeros", new byte[2_000_000]).commit("main");

    assertThatThrownBy(() -> fetch(new Limits(LIMIT, 1_000_000, 100, Duration.ofMinutes(1))))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("too large");
  }

  @Test
  void aCommitOfTooManyFilesIsNotTakenIn() throws Exception {
    for (int i = 0; i < 50; i++) {
      repository.file("file" + i, "content " + i);
    }
    repository.commit("main");

    assertThatThrownBy(() -> fetch(new Limits(LIMIT, LIMIT, 20, Duration.ofMinutes(1))))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("more than 20 files and folders");
  }

  @Test
  @Timeout(60)
  void aFolderOfCountlessStacksThatAreOneIsNotLookedThrough() throws Exception {
    // Equal folders are one object: this is a pack of five, and some kilobytes.
    repository.manyFolders("stacks", "compose.yml", WEB, 200_000).commit("main");

    try (GitSession session = open("branch: main")) {
      Snapshot snapshot = session.fetch(Clock.systemUTC());
      Discovery found = Discovery.find(source(dir, "prune: true").layout(), snapshot);
      assertThat(found.stacks()).isEmpty();
      assertThat(found.problems())
          .singleElement()
          .asString()
          .contains("too many files", "move some into another folder");
    }
  }

  @Test
  void aFolderIsListedAsLongAsItIsOfAReasonableSize() throws Exception {
    repository.manyFolders("stacks", "compose.yml", WEB, CommitSnapshot.MOST_ENTRIES + 1);
    repository.manyFolders("good", "compose.yml", WEB, CommitSnapshot.MOST_ENTRIES);
    repository.commit("main");

    try (GitSession session = open("branch: main")) {
      Snapshot snapshot = session.fetch(Clock.systemUTC());
      assertThat(snapshot.list("good").folders()).hasSize(5_000);
      assertThatThrownBy(() -> snapshot.list("stacks"))
          .isInstanceOf(Listing.TooLargeException.class)
          .hasMessageContaining("'stacks' has more than 5000 files and folders");
      // What is named is found all the same.
      assertThat(text(snapshot, "stacks/f1/compose.yml")).isEqualTo(WEB);
    }
  }

  @Test
  void aCommitIsNotReadForEver() throws Exception {
    repository.file("a", "x").link("b", "a").commit("main");
    StoppedClock clock = new StoppedClock(Instant.EPOCH);

    try (GitSession session = open("branch: main")) {
      Snapshot snapshot = session.fetch(clock);
      clock.advance(GitSession.READING);
      assertThat(text(snapshot, "b")).isEqualTo("x");
      clock.advance(Duration.ofSeconds(1));
      assertThatThrownBy(() -> snapshot.read("b", LIMIT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("took longer than 120 s");
      assertThatThrownBy(() -> snapshot.list("")).hasMessageContaining("took longer than 120 s");
      // Nothing is removed because of it.
      assertThat(snapshot.isFile("a")).isTrue();
    }
  }

  @Test
  void aMissingBranchIsTold() throws Exception {
    repository.file("a", "x").commit("main");

    assertThatThrownBy(() -> open("branch: gone"))
        .isInstanceOf(SourceException.class)
        .hasMessage("the repository has no 'refs/heads/gone'; push it, or declare another");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void anEmptyRepositoryIsTold() {
    assertThatThrownBy(() -> open("prune: false"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("the repository is empty");
  }

  @Test
  void whatIsNoRepositoryIsTold() {
    Source source = source(dir.resolve("nothing"), "prune: false");

    assertThatThrownBy(() -> GitSession.open(source, work, Limits.standard()))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("it must be a Git repository");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void aTokenIsGivenToItsHostAlone() throws Exception {
    HostCredentials credentials = new HostCredentials("host", "git", "hunter2".toCharArray());
    var password = new org.eclipse.jgit.transport.CredentialItem.Password();

    assertThat(credentials.get(uri("https://other/a"), password)).isFalse();
    assertThat(credentials.get(uri("http://host/a"), password)).isFalse();
    assertThat(password.getValue()).isNull();
    assertThat(credentials.get(uri("https://host/a"), password)).isTrue();
    assertThat(new String(password.getValue())).isEqualTo("hunter2");
  }

  private static org.eclipse.jgit.transport.URIish uri(String text) throws Exception {
    return new org.eclipse.jgit.transport.URIish(text);
  }

  private void assertRefused(String path, String message) throws Exception {
    try (GitSession session = open("branch: main")) {
      Snapshot snapshot = session.fetch(Clock.systemUTC());
      assertThatThrownBy(() -> snapshot.read(path, LIMIT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(message);
    }
  }

  private void fetch(Limits limits) throws SourceException {
    try (GitSession session =
        GitSession.open(source(repository.path(), "branch: main"), work, limits)) {
      session.fetch(Clock.systemUTC());
    }
  }

  private GitSession open(String more) throws SourceException {
    return GitSession.open(source(repository.path(), more), work, Limits.standard());
  }

  private static String text(Snapshot snapshot, String path) throws IOException {
    return new String(snapshot.read(path, LIMIT), StandardCharsets.UTF_8);
  }

  private static Source source(Path repository, String more) {
    SourcesFile file =
        SourcesFile.read(
            "s.yml", "sources: {shop: {url: '" + repository + "', " + more + "}}", Path.of("/"));
    assertThat(file.broken()).isEmpty();
    assertThat(List.copyOf(file.sources())).hasSize(1);
    return file.sources().getFirst();
  }
}
