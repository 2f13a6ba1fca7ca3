package dev.skep.deployer.source.read;

import dev.skep.deployer.compose.FileSource;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of a repository, and no others, for the reader of compose files: they are taken from
 * the commit itself and never lie on a disk, so that no link and no race leads out of it. Bounded,
 * because a small file can name a large one a thousand times. What is encrypted is opened on the
 * way, in memory; where there is no {@code X} but an {@code X.age}, that is meant: people keep the
 * one and push the other. One for each stack; not thread-safe.
 */
public final class RepositoryFiles implements FileSource {
  /** Where the repository seems to lie. There is no such directory. */
  static final Path ROOT = Path.of("/repository");

  /** The most files that one stack may name. */
  static final int MOST_FILES = 1_000;

  /** The most bytes that the files of one stack may have together. */
  static final long MOST_BYTES = 16L * 1024 * 1024;

  /** Ends the names of files that age encrypted. */
  public static final String AGE = ".age";

  private final Snapshot snapshot;
  private final Opening opening;
  private final Redaction redaction;
  private boolean tryAgain;
  private int files;
  private long bytes;

  /**
   * Of one commit.
   *
   * @param secrets what no message may show besides what was encrypted
   */
  public RepositoryFiles(Snapshot snapshot, Opening opening, List<String> secrets) {
    this.redaction = new Redaction(secrets);
    this.snapshot = snapshot;
    this.opening = opening;
  }

  /** Problems of this stack without what is secret or stands in its encrypted files. */
  List<Problem> shown(List<Problem> problems) {
    return redaction.of(problems);
  }

  /** Whether a file could not be opened though it may be at another time. */
  boolean tryAgain() {
    return tryAgain;
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
    Found found = find(ROOT.relativize(path).toString(), Math.min(room(limit), MOST_BYTES - bytes));
    bytes += found.content.length;
    byte[] clear;
    try {
      clear = opening.open(found.path, found.content, limit);
    } catch (Opening.TryAgainException e) {
      tryAgain = true;
      throw e;
    }
    if (clear.length > limit) {
      throw new IOException(
          "'%s' has %d bytes, at most %d are allowed".formatted(found.path, clear.length, limit));
    }
    if (clear != found.content) {
      redaction.add(found.content, clear);
    }
    return clear;
  }

  private static final class Found {
    private final String path;
    private final byte[] content;

    Found(String path, byte[] content) {
      this.path = path;
      this.content = content;
    }
  }

  private Found find(String path, long room) throws IOException {
    try {
      return new Found(path, snapshot.read(path, room));
    } catch (IOException e) {
      if (!(e.getCause() instanceof NoSuchFileException) || path.endsWith(AGE)) {
        throw e;
      }
      try {
        return new Found(path + AGE, snapshot.read(path + AGE, room));
      } catch (IOException encrypted) {
        throw encrypted.getCause() instanceof NoSuchFileException ? e : encrypted;
      }
    }
  }

  /** Encrypted values are some times as long as in clear, short ones more than that. */
  private static long room(long limit) {
    return 4 * limit + 64 * 1024;
  }
}
