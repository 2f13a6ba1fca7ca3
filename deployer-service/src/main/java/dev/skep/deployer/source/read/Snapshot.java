package dev.skep.deployer.source.read;

import java.io.IOException;
import java.util.List;

/** What one commit holds. Paths are those of the repository, with '/', without one in front. */
public interface Snapshot {
  /** The commit's id. */
  String commit();

  /**
   * A whole file; links are followed within the repository.
   *
   * @param limit the most bytes that it may have
   * @throws IOException with a message for the user; its cause is a {@link
   *     java.nio.file.NoSuchFileException} if there is no such file
   */
  byte[] read(String path, long limit) throws IOException;

  /** Whether there is a file, perhaps by links. */
  boolean isFile(String path);

  /** The names of the folders in a folder, "" for the root; sorted; none if it is no folder. */
  List<String> folders(String path);
}
