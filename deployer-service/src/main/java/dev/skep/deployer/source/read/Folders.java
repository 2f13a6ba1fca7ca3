package dev.skep.deployer.source.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The folders of a commit as stacks are looked for in them, each listed once. Bounded all in all:
 * folders that are equal are one in Git, so that a few of them can stand for millions. Not
 * thread-safe.
 */
final class Folders {
  /** The most files and folders that are listed; a commit has no more that differ. */
  static final int MOST_LISTED = 50_000;

  private final Snapshot snapshot;
  private final Map<String, Listing> listings = new HashMap<>();
  private int listed;

  Folders(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /**
   * What lies in one.
   *
   * @throws Listing.TooLargeException if it holds too much by itself
   * @throws IOException with a message for the user, if nothing more can be listed
   */
  Listing list(String folder) throws IOException {
    Listing known = listings.get(folder);
    if (known != null) {
      return known;
    }
    if (listed > MOST_LISTED) {
      throw new IOException(
          "the folders in which stacks are looked for hold more than %d files and folders; list the"
                  .formatted(MOST_LISTED)
              + " stacks in a skep.yml, or keep other files elsewhere");
    }
    Listing listing = snapshot.list(folder);
    listed += listing.size();
    listings.put(folder, listing);
    return listing;
  }

  /**
   * Those that fit one of some patterns, sorted.
   *
   * @throws IOException with a message for the user, if one that must be looked through holds too
   *     much
   */
  Set<String> matching(List<String> patterns) throws IOException {
    Set<String> result = new TreeSet<>();
    for (String pattern : patterns) {
      List<String> at = List.of("");
      for (String part : pattern.split("/+", -1)) {
        if (!part.isEmpty() && !part.equals(".")) {
          at = within(at, part);
        }
      }
      result.addAll(at);
    }
    result.remove("");
    return result;
  }

  private List<String> within(List<String> folders, String pattern) throws IOException {
    List<String> result = new ArrayList<>();
    for (String folder : folders) {
      for (String name : list(folder).folders()) {
        if (fits(pattern, name)) {
          result.add(folder.isEmpty() ? name : folder + "/" + name);
        }
      }
    }
    return result;
  }

  private static boolean fits(String pattern, String name) {
    String regex =
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    // As a shell has it: what is hidden must be named.
    return (!name.startsWith(".") || pattern.startsWith("."))
        && Pattern.compile(regex, Pattern.DOTALL).matcher(name).matches();
  }
}
