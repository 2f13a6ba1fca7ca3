package dev.skep.deployer.source.git;

import dev.skep.deployer.source.read.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * A commit's files, taken from Git's own objects: nothing is checked out, so no link of the
 * repository can ever be followed by the machine, no filter, hook or submodule comes into play, and
 * nothing can change between a look and a read. Links are followed here, within the commit.
 */
final class CommitSnapshot implements Snapshot {
  private static final int MOST_LINKS = 40;
  private static final int LONGEST_LINK = 4096;
  private static final byte[] LFS =
      "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.UTF_8);

  private final String commit;
  private final ObjectId tree;
  private final ObjectReader objects;

  /**
   * @param tree the commit's root
   * @param objects open as long as this is used
   */
  CommitSnapshot(String commit, ObjectId tree, ObjectReader objects) {
    this.commit = commit;
    this.tree = tree;
    this.objects = objects;
  }

  private record Entry(FileMode mode, ObjectId id) {}

  @Override
  public String commit() {
    return commit;
  }

  @Override
  public byte[] read(String path, long limit) throws IOException {
    Entry entry = follow(path);
    if (entry == null) {
      throw new IOException("there is no file '" + path + "'", new NoSuchFileException(path));
    }
    if (FileMode.TREE.equals(entry.mode())) {
      throw new IOException("'" + path + "' is a folder, not a file");
    }
    ObjectLoader loader = objects.open(entry.id(), Constants.OBJ_BLOB);
    if (loader.getSize() > limit) {
      throw new IOException(
          "'%s' has %d bytes, at most %d are allowed".formatted(path, loader.getSize(), limit));
    }
    byte[] content = loader.getBytes((int) Math.min(limit, Integer.MAX_VALUE - 8));
    if (Arrays.mismatch(content, LFS) == LFS.length) {
      throw new IOException(
          "'%s' is kept by Git LFS, which is not read; keep the file itself in the repository"
              .formatted(path));
    }
    return content;
  }

  @Override
  public boolean isFile(String path) {
    try {
      Entry entry = follow(path);
      return entry != null && !FileMode.TREE.equals(entry.mode());
    } catch (IOException e) {
      // Reading it will tell.
      return true;
    }
  }

  @Override
  public List<String> folders(String path) {
    TreeSet<String> names = new TreeSet<>();
    try {
      Entry entry =
          path.isEmpty() ? new Entry(FileMode.TREE, tree) : at(List.of(path.split("/", -1)));
      if (entry == null || !FileMode.TREE.equals(entry.mode())) {
        return List.of();
      }
      try (TreeWalk walk = new TreeWalk(objects)) {
        walk.addTree(entry.id());
        while (walk.next()) {
          if (FileMode.TREE.equals(walk.getFileMode())) {
            names.add(walk.getNameString());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(names);
  }

  /** What a path leads to, by links; null if there is nothing. */
  private Entry follow(String path) throws IOException {
    Deque<String> rest = new ArrayDeque<>(List.of(path.split("/+", -1)));
    List<String> here = new ArrayList<>();
    Entry entry = new Entry(FileMode.TREE, tree);
    int links = 0;
    while (!rest.isEmpty()) {
      String name = rest.pop();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        if (here.isEmpty()) {
          throw outside(path);
        }
        here.removeLast();
        entry = at(here);
        continue;
      }
      if (!FileMode.TREE.equals(entry.mode())) {
        return null;
      }
      here.add(name);
      entry = at(here);
      if (entry == null) {
        return null;
      }
      if (FileMode.GITLINK.equals(entry.mode())) {
        throw new IOException(
            "'%s' is in the submodule '%s'; submodules are not read"
                .formatted(path, String.join("/", here)));
      }
      if (FileMode.SYMLINK.equals(entry.mode())) {
        if (++links > MOST_LINKS) {
          throw new IOException(
              "'%s' leads through more than %d links".formatted(path, MOST_LINKS));
        }
        here.removeLast();
        String target = target(path, entry);
        entry = at(here);
        List.of(target.split("/+", -1)).reversed().forEach(rest::push);
      }
    }
    return entry;
  }

  private String target(String path, Entry link) throws IOException {
    ObjectLoader loader = objects.open(link.id(), Constants.OBJ_BLOB);
    String target =
        loader.getSize() > LONGEST_LINK
            ? "/"
            : new String(loader.getBytes(LONGEST_LINK), StandardCharsets.UTF_8);
    if (target.isEmpty() || target.startsWith("/")) {
      throw outside(path);
    }
    return target;
  }

  private static IOException outside(String path) {
    return new IOException(
        "'%s' is, or goes through, a link that leads out of the repository; put the file there itself"
            .formatted(path));
  }

  /** What lies at a place, a link as such; null if there is nothing. */
  private Entry at(List<String> path) throws IOException {
    if (path.isEmpty()) {
      return new Entry(FileMode.TREE, tree);
    }
    try (TreeWalk walk = TreeWalk.forPath(objects, String.join("/", path), tree)) {
      return walk == null ? null : new Entry(walk.getFileMode(), walk.getObjectId(0));
    }
  }
}
