package dev.skep.deployer.source.read;

import java.io.IOException;
import java.util.Set;

/**
 * What lies in one folder, by name.
 *
 * @param folders those that are folders themselves, not by a link
 * @param others files, and links to whatever
 */
public record Listing(Set<String> folders, Set<String> others) {
  /** Nothing, or no folder. */
  public static final Listing NONE = new Listing(Set.of(), Set.of());

  public Listing {
    folders = Set.copyOf(folders);
    others = Set.copyOf(others);
  }

  int size() {
    return folders.size() + others.size();
  }

  /** A folder holds too much to be looked through. The message is for the user. */
  public static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    public TooLargeException(String message) {
      super(message);
    }
  }
}
