package dev.skep.deployer.source.read;

import java.io.IOException;

/** Opens the files of a repository that are encrypted. */
@FunctionalInterface
public interface Opening {
  /** Opens nothing: for repositories without encrypted files. */
  Opening NONE = (path, content, limit) -> content;

  /**
   * A file in clear: the same array if it is not encrypted.
   *
   * @param path the file's, in the repository
   * @param limit the most bytes that it may have in clear
   * @throws IOException with a message for the user: it names the file and what to do, and quotes
   *     nothing of what is in it
   */
  byte[] open(String path, byte[] content, long limit) throws IOException;

  /** It may go well at another time, though nothing has changed. */
  final class TryAgainException extends IOException {
    private static final long serialVersionUID = 1L;

    public TryAgainException(String message) {
      super(message);
    }
  }
}
