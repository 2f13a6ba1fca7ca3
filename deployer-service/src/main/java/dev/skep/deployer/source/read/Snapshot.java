package dev.skep.deployer.source.read;

import java.io.IOException;

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

  /**
   * What lies in a folder, "" for the root; nothing if it is no folder, or one by a link.
   *
   * @throws Listing.TooLargeException if it holds too much
   * @throws IOException with a message for the user, if the commit cannot be read any more
   */
  Listing list(String path) throws IOException;
}
