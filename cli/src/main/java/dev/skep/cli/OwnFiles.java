package dev.skep.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What Skep keeps in a directory that the user named: it may hold other things, which are not ours
 * to touch.
 *
 * @param dir the directory
 * @param names of the entries that are Skep's
 */
public record OwnFiles(Path dir, Set<String> names) {
  public OwnFiles {
    names = Set.copyOf(names);
  }

  /** An edge's: what its agent and its proxies make there. */
  public static OwnFiles ofEdge(String dir) {
    return new OwnFiles(
        Path.of(dir),
        Set.of(
            "haproxy.cfg",
            "crt-list.txt",
            "state.json",
            "maps",
            "certs",
            "run",
            "next",
            "last-good",
            "checksums",
            "traefik"));
  }

  /** What lies there and is not Skep's; nothing if there is no such directory. */
  public List<Path> others() throws IOException {
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.map(Path::getFileName).filter(name -> !ours(name)).sorted().toList();
    }
  }

  /**
   * Deletes what is Skep's, and the directory if nothing else lies there. Links are removed, never
   * followed.
   *
   * @return what was left, because it is not Skep's
   */
  public List<Path> delete() throws IOException {
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    List<Path> others = others();
    try (Stream<Path> entries = Files.list(dir)) {
      for (Path entry : entries.filter(e -> ours(e.getFileName())).toList()) {
        deleteTree(entry);
      }
    }
    if (others.isEmpty()) {
      Files.delete(dir);
    }
    return others;
  }

  /** Ours by name, or one of the files that become one of them when they are whole. */
  private boolean ours(Path entry) {
    String name = entry.toString();
    boolean unfinished =
        names.stream()
            .anyMatch(
                n ->
                    name.equals("." + n + ".new") || (name.startsWith(n) && name.endsWith(".tmp")));
    return unfinished || names.contains(name);
  }

  private static void deleteTree(Path start) throws IOException {
    if (!Files.isDirectory(start, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(start);
      return;
    }
    try (Stream<Path> all = Files.walk(start)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
