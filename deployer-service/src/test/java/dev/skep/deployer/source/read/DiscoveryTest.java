package dev.skep.deployer.source.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.source.declare.Layout;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
  private static final Set<String> STACK = Set.of("compose.yml");

  /** Of folders that are made up as they are asked for. */
  private abstract static class Folders implements Snapshot {
    final Set<String> listed = new TreeSet<>();
    int looks;

    abstract Listing of(String path) throws IOException;

    @Override
    public final Listing list(String path) throws IOException {
      looks++;
      listed.add(path);
      return of(path);
    }

    @Override
    public String commit() {
      return "c0ffee";
    }

    @Override
    public byte[] read(String path, long limit) throws IOException {
      throw new IOException("not asked for");
    }

    @Override
    public boolean isFile(String path) {
      return !path.equals("skep.yml");
    }
  }

  private static Set<String> names(int count) {
    return Set.copyOf(IntStream.range(0, count).mapToObj(i -> "f" + i).toList());
  }

  @Test
  void itEndsAtTheStackThatIsTooMuch() {
    Folders many =
        new Folders() {
          @Override
          Listing of(String path) {
            return switch (path) {
              case "" -> new Listing(Set.of("stacks"), Set.of());
              case "stacks" -> new Listing(names(4_000), Set.of());
              default -> new Listing(Set.of(), STACK);
            };
          }
        };

    Discovery found = find(many, "stacks/*");

    assertThat(found.stacks()).isEmpty();
    assertThat(found.problems())
        .singleElement()
        .asString()
        .isEqualTo("more than 500 stacks are in one source");
    assertThat(many.looks).isLessThan(510);
  }

  @Test
  void foldersWithoutEndAreNotLookedThrough() {
    Folders endless =
        new Folders() {
          @Override
          Listing of(String path) {
            return new Listing(names(1_000), Set.of());
          }
        };

    Discovery found = find(endless, "*/*/*");

    assertThat(found.problems())
        .singleElement()
        .asString()
        .contains("more than 50000 files and folders", "list the stacks in a skep.yml");
    assertThat(endless.looks).isLessThan(60);
  }

  @Test
  void eachFolderIsListedOnce() {
    Folders two =
        new Folders() {
          @Override
          Listing of(String path) {
            return switch (path) {
              case "" -> new Listing(Set.of("apps"), Set.of());
              case "apps" -> new Listing(Set.of("a", "b"), Set.of("README.md"));
              default -> new Listing(Set.of(), STACK);
            };
          }
        };

    Discovery found = find(two, "apps/*", "*/a", "apps/b");

    assertThat(found.stacks()).extracting(FoundStack::name).containsExactly("a", "b");
    assertThat(two.listed).containsExactly("", "apps", "apps/a", "apps/b");
    assertThat(two.looks).isEqualTo(4);
  }

  @Test
  void aFolderThatHoldsTooMuchIsTheOnlyOneThatIsBroken() {
    Folders one =
        new Folders() {
          @Override
          Listing of(String path) throws IOException {
            return switch (path) {
              case "" -> new Listing(Set.of("stacks"), Set.of());
              case "stacks" -> new Listing(Set.of("good", "vast"), Set.of());
              case "stacks/vast" -> throw new Listing.TooLargeException("too much");
              default -> new Listing(Set.of(), STACK);
            };
          }
        };

    Discovery found = find(one, "stacks/*");

    assertThat(found.problems()).isEmpty();
    assertThat(found.stacks()).extracting(FoundStack::name).containsExactly("good");
    assertThat(found.broken()).containsOnlyKeys("vast");
    assertThat(found.broken().get("vast").toString()).contains("too much");
  }

  @Test
  void whatCannotBeListedAnyMoreIsAProblemOfTheWhole() {
    Folders late =
        new Folders() {
          @Override
          Listing of(String path) throws IOException {
            return switch (path) {
              case "" -> new Listing(Set.of("stacks"), Set.of());
              case "stacks" -> new Listing(Set.of("a", "b"), Set.of());
              case "stacks/b" -> throw new IOException("too late");
              default -> new Listing(Set.of(), STACK);
            };
          }
        };

    Discovery found = find(late, "stacks/*");

    assertThat(found.stacks()).isEmpty();
    assertThat(found.broken()).isEmpty();
    assertThat(found.problems()).singleElement().asString().isEqualTo("too late");
  }

  private static Discovery find(Snapshot snapshot, String... folders) {
    return Discovery.find(new Layout("skep.yml", List.of(folders), false), snapshot);
  }
}
