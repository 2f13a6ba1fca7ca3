package dev.skep.edge.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The directory that an agent and its proxy share. Files appear whole or not at all. */
final class EdgeDirectory {
  private static final Set<PosixFilePermission> SECRET =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> PLAIN =
      PosixFilePermissions.fromString("rw-r--r--");
  private static final Set<PosixFilePermission> PRIVATE_DIR =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> DIR = PosixFilePermissions.fromString("rwxr-xr-x");

  private final Path root;
  private final int ownerUid;

  /**
   * A directory.
   *
   * @param ownerUid who must be able to read it, the proxy; -1: files stay this process's own
   */
  EdgeDirectory(Path root, int ownerUid) {
    this.root = root;
    this.ownerUid = ownerUid;
  }

  Path root() {
    return root;
  }

  /** Makes the directories that are missing. */
  void prepare(List<String> subdirectories) throws IOException {
    Files.createDirectories(root);
    own(root, DIR);
    for (String name : subdirectories) {
      Path dir = root.resolve(name);
      // The proxy owns what lies here: a link of its making must not lead this process elsewhere.
      if (Files.isSymbolicLink(dir)) {
        throw new IOException(dir + " is a symbolic link: remove it, the agent makes a directory");
      }
      Files.createDirectories(dir);
      own(dir, PRIVATE_DIR);
    }
  }

  boolean exists(String path) {
    return Files.exists(root.resolve(path));
  }

  /** A file's text; empty if there is none. */
  Optional<String> read(String path) throws IOException {
    try {
      return Optional.of(Files.readString(root.resolve(path)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Writes a file, if its content is not the same already.
   *
   * @param secret whether only its owner may read it
   */
  void write(String path, String content, boolean secret) throws IOException {
    if (content.equals(read(path).orElse(null))) {
      return;
    }
    Path target = root.resolve(path);
    // In the same directory, so that the move is one rename; and not with an ending that counts.
    Path temporary = target.resolveSibling("." + target.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    Set<PosixFilePermission> mode = secret ? SECRET : PLAIN;
    Files.createFile(temporary, PosixFilePermissions.asFileAttribute(SECRET));
    try (var channel = Files.newByteChannel(temporary, StandardOpenOption.WRITE)) {
      var bytes = java.nio.ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      ((java.nio.channels.FileChannel) channel).force(true);
    }
    own(temporary, mode);
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Puts the same file under another name; false if there is no such file. */
  boolean link(String from, String to) throws IOException {
    try {
      Files.createLink(root.resolve(to), root.resolve(from));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (FileAlreadyExistsException e) {
      return true;
    }
  }

  /** The names of the files in a subdirectory; empty if there is none. */
  List<String> list(String subdirectory) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(subdirectory))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Deletes a file or a directory with all in it. */
  void delete(String path) throws IOException {
    Path start = root.resolve(path);
    if (!Files.exists(start)) {
      return;
    }
    try (Stream<Path> all = Files.walk(start)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    }
  }

  private void own(Path path, Set<PosixFilePermission> mode) throws IOException {
    if (ownerUid >= 0 && !Integer.valueOf(ownerUid).equals(uid(path))) {
      Files.setAttribute(path, "unix:uid", ownerUid, LinkOption.NOFOLLOW_LINKS);
    }
    Files.setPosixFilePermissions(path, mode);
  }

  private static Object uid(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }
}
