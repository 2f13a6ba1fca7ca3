package dev.skep.deployer.source.policy;

import dev.skep.deployer.compose.ComposeFile;
import dev.skep.deployer.compose.Mark;
import dev.skep.deployer.compose.Value;
import dev.skep.deployer.compose.Value.Fields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gathers refusals, each with its place in the file. */
final class Refusals {
  private final ComposeFile file;
  private final Set<Refusal> found = new LinkedHashSet<>();

  Refusals(ComposeFile file) {
    this.file = file;
  }

  /**
   * Refuses something.
   *
   * @param remedy the key under {@code policy} and what to write there
   * @param path the keys that lead to it: {@code services, web, volumes}
   */
  void add(String what, String remedy, String... path) {
    found.add(
        new Refusal(
            place(path),
            String.join(".", path),
            "%s; to allow it, its source's policy needs %s".formatted(what, remedy)));
  }

  /** Refuses what no policy allows. */
  void never(String what, String... path) {
    found.add(new Refusal(place(path), String.join(".", path), what));
  }

  /** The deepest of the keys that the file has; null if it has not even the first. */
  private Mark place(String... path) {
    Mark place = null;
    Fields at = file.root();
    for (String key : path) {
      if (!at.has(key)) {
        return place;
      }
      place = at.markOf(key);
      Value next = at.get(key);
      if (!(next instanceof Fields fields)) {
        return place;
      }
      at = fields;
    }
    return place;
  }

  List<Refusal> found() {
    return new ArrayList<>(found);
  }
}
