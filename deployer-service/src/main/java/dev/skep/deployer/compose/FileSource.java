package dev.skep.deployer.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where a stack's files are read from: a place that may confine them. */
@FunctionalInterface
public interface FileSource {
  /**
   * A whole file.
   *
   * @param limit the most bytes it may have
   * @throws IOException with a message for the user: not there, not readable, too large, not
   *     allowed
   */
  byte[] read(Path file, long limit) throws IOException;

  /** Every file that this process may read. */
  FileSource LOCAL =
      (file, limit) -> {
        try {
          if (Files.isDirectory(file)) {
            throw new IOException("'" + file + "' is a directory, not a file");
          }
          long size = Files.size(file);
          if (size > limit) {
            throw new IOException(
                "'%s' has %d bytes, at most %d are allowed".formatted(file, size, limit));
          }
          return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
          throw new IOException("there is no file '" + file + "'", e);
        }
      };
}
