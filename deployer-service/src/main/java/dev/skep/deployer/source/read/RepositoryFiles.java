package dev.skep.deployer.source.read;

import dev.skep.deployer.compose.FileSource;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The files of a repository, and no others, for the reader of compose files: they are taken from
 * the commit itself and never lie on a disk, so that no link and no race leads out of it. Bounded,
 * because a small file can name a large one a thousand times. One for each stack; not thread-safe.
 */
public final class RepositoryFiles implements FileSource {
  /** Where the repository seems to lie. There is no such directory. */
  static final Path ROOT = Path.of("/repository");

  /** The most files that one stack may name. */
  static final int MOST_FILES = 1_000;

  /** The most bytes that the files of one stack may have together. */
  static final long MOST_BYTES = 16L * 1024 * 1024;

  private final Snapshot snapshot;
  private int files;
  private long bytes;

  public RepositoryFiles(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** Where a file of the repository seems to lie. */
  static Path path(String inRepository) {
    return ROOT.resolve(inRepository);
  }

  /** A text in which files are named as they are in the repository. */
  static String relative(String text) {
    return text.replace(ROOT + "/", "");
  }

  @Override
  public byte[] read(Path file, long limit) throws IOException {
    Path path = file.normalize();
    if (!path.startsWith(ROOT) || path.equals(ROOT)) {
      throw new IOException(
          "'%s' is not in the repository; only files of the repository can be used"
              .formatted(path));
    }
    if (++files > MOST_FILES) {
      throw new IOException("a stack may name at most %d files".formatted(MOST_FILES));
    }
    byte[] content =
        snapshot.read(ROOT.relativize(path).toString(), Math.min(limit, MOST_BYTES - bytes));
    bytes += content.length;
    return content;
  }
}
