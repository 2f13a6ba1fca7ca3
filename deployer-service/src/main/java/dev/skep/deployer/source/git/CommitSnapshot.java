package dev.skep.deployer.source.git;

import dev.skep.deployer.source.read.Deadline;
import dev.skep.deployer.source.read.Listing;
import dev.skep.deployer.source.read.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /** The most files and folders of one folder in which stacks are looked for. */
  static final int MOST_ENTRIES = 5_000;

  /** The most bytes of a folder as Git keeps it: names, and 27 or so for each. */
  static final long LARGEST_FOLDER = 2L * 1024 * 1024;

  private static final byte[] LFS =
      "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.UTF_8);

  private final String commit;
  private final ObjectId tree;
  private final ObjectReader objects;
  private final Deadline deadline;

  /**
   * @param tree the commit's root
   * @param objects open as long as this is used
   * @param deadline until when this may be used
   */
  CommitSnapshot(String commit, ObjectId tree, ObjectReader objects, Deadline deadline) {
    this.commit = commit;
    this.tree = tree;
    this.objects = objects;
    this.deadline = deadline;
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
  public Listing list(String path) throws IOException {
    Entry folder = new Entry(FileMode.TREE, tree);
    for (String name : path.isEmpty() ? List.<String>of() : List.of(path.split("/", -1))) {
      folder = FileMode.TREE.equals(folder.mode()) ? in(folder, name) : null;
      if (folder == null) {
        return Listing.NONE;
      }
    }
    if (!FileMode.TREE.equals(folder.mode())) {
      return Listing.NONE;
    }
    bounded(folder);
    Set<String> folders = new HashSet<>();
    Set<String> others = new HashSet<>();
    try (TreeWalk walk = new TreeWalk(objects)) {
      walk.addTree(folder.id());
      for (int entries = 0; walk.next(); entries++) {
        if (entries == MOST_ENTRIES) {
          throw new Listing.TooLargeException(
              "'%s' has more than %d files and folders, too many to look for stacks among them;"
                      .formatted(path.isEmpty() ? "/" : path, MOST_ENTRIES)
                  + " move some into another folder");
        }
        (FileMode.TREE.equals(walk.getFileMode()) ? folders : others).add(walk.getNameString());
      }
    }
    return new Listing(folders, others);
  }

  /** What a path leads to, by links; null if there is nothing. */
  private Entry follow(String path) throws IOException {
    Deque<String> rest = new ArrayDeque<>(List.of(path.split("/+", -1)));
    List<String> names = new ArrayList<>();
    // From the root to where the path has led so far: each folder is looked into once.
    Deque<Entry> here = new ArrayDeque<>();
    here.push(new Entry(FileMode.TREE, tree));
    int links = 0;
    while (!rest.isEmpty()) {
      String name = rest.pop();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        if (names.isEmpty()) {
          throw outside(path);
        }
        names.removeLast();
        here.pop();
        continue;
      }
      if (!FileMode.TREE.equals(here.element().mode())) {
        return null;
      }
      Entry entry = in(here.element(), name);
      if (entry == null) {
        return null;
      }
      if (FileMode.GITLINK.equals(entry.mode())) {
        throw new IOException(
            "'%s' is in the submodule '%s'; submodules are not read"
                .formatted(path, String.join("/", names) + (names.isEmpty() ? "" : "/") + name));
      }
      if (FileMode.SYMLINK.equals(entry.mode())) {
        if (++links > MOST_LINKS) {
          throw new IOException(
              "'%s' leads through more than %d links".formatted(path, MOST_LINKS));
        }
        List.of(target(path, entry).split("/+", -1)).reversed().forEach(rest::push);
        continue;
      }
      names.add(name);
      here.push(entry);
    }
    return here.element();
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

  /** What a folder holds by a name, a link as such; null if there is nothing. */
  private Entry in(Entry folder, String name) throws IOException {
    bounded(folder);
    try (TreeWalk walk = TreeWalk.forPath(objects, name, folder.id())) {
      return walk == null ? null : new Entry(walk.getFileMode(), walk.getObjectId(0));
    }
  }

  /** Each look costs as much as the folder has bytes, and there are many looks. */
  private void bounded(Entry folder) throws IOException {
    deadline.check();
    long size = objects.getObjectSize(folder.id(), Constants.OBJ_TREE);
    if (size > LARGEST_FOLDER) {
      throw new Listing.TooLargeException(
          "a folder of the repository has too many files: %d bytes of names, at most %d are"
                  .formatted(size, LARGEST_FOLDER)
              + " allowed; move some into another folder");
    }
  }
}
