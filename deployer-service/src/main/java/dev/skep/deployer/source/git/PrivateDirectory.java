package dev.skep.deployer.source.git;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory that only this process's user may enter, and that is gone once it is closed. */
final class PrivateDirectory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PrivateDirectory.class);

  private final Path path;

  private PrivateDirectory(Path path) {
    this.path = path;
  }

  static PrivateDirectory in(Path parent) throws SourceException {
    try {
      return new PrivateDirectory(
          Files.createTempDirectory(
              parent,
              "skep-git-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    } catch (IOException e) {
      throw new SourceException(
          "no directory can be made in '%s' (%s); make it writable"
              .formatted(parent, e.getClass().getSimpleName()),
          e);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    if (!Files.exists(path)) {
      return;
    }
    try {
      // Links are removed, not followed.
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
              Files.delete(dir);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      log.atWarn().setCause(e).addKeyValue("directory", path).log("A directory is left behind");
    }
  }
}
