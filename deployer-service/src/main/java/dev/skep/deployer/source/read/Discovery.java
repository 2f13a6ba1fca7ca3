package dev.skep.deployer.source.read;

import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.source.declare.Layout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stacks that a commit names.
 *
 * @param stacks those that can be read further
 * @param broken by name, what is wrong with those that cannot
 * @param problems what is wrong with the whole: then nobody knows which stacks there should be
 */
public record Discovery(
    List<FoundStack> stacks, Map<String, List<Problem>> broken, List<Problem> problems) {
  /** The most stacks of one source. */
  static final int MOST_STACKS = 500;

  private static final List<String> FILES =
      List.of(
          "compose.yml",
          "compose.yaml",
          "docker-compose.yml",
          "docker-compose.yaml",
          "stack.yml",
          "stack.yaml");

  public Discovery {
    stacks = List.copyOf(stacks);
    broken = Map.copyOf(broken);
    problems = List.copyOf(problems);
  }

  /** Looks for them. */
  public static Discovery find(Layout layout, Snapshot snapshot) {
    boolean manifest = !layout.foldersSaid() && snapshot.isFile(layout.manifest());
    Discovery found =
        manifest ? Manifest.read(layout.manifest(), snapshot) : folders(layout.folders(), snapshot);
    int count = found.stacks().size() + found.broken().size();
    if (count > MOST_STACKS) {
      return nothing("%d stacks; at most %d can be in one source".formatted(count, MOST_STACKS));
    }
    if (count == 0 && found.problems().isEmpty()) {
      return nothing(
          manifest
              ? "'%s' names no stack".formatted(layout.manifest())
              : "there is no '%s', and no folder %s with a compose.yml"
                  .formatted(layout.manifest(), String.join(", ", layout.folders())));
    }
    return found;
  }

  static Discovery nothing(String problem) {
    return new Discovery(List.of(), Map.of(), List.of(Problem.of(problem)));
  }

  private static Discovery folders(List<String> patterns, Snapshot snapshot) {
    Map<String, FoundStack> found = new LinkedHashMap<>();
    Map<String, List<Problem>> broken = new LinkedHashMap<>();
    Folders folders = new Folders(snapshot);
    try {
      for (String folder : folders.matching(patterns)) {
        look(folder, folders, snapshot, found, broken);
        if (found.size() + broken.size() > MOST_STACKS) {
          return nothing("more than %d stacks are in one source".formatted(MOST_STACKS));
        }
      }
    } catch (IOException e) {
      return nothing(e.getMessage());
    }
    return new Discovery(List.copyOf(found.values()), broken, List.of());
  }

  /** Looks whether a folder is a stack. */
  private static void look(
      String folder,
      Folders folders,
      Snapshot snapshot,
      Map<String, FoundStack> found,
      Map<String, List<Problem>> broken)
      throws IOException {
    String name = folder.substring(folder.lastIndexOf('/') + 1);
    List<String> wrong = new ArrayList<>();
    List<String> files = List.of();
    try {
      files = files(folder, folders.list(folder), snapshot);
      if (files.isEmpty()) {
        return;
      }
    } catch (Listing.TooLargeException e) {
      wrong.add(e.getMessage());
    }
    nameProblem(name).ifPresent(wrong::add);
    if (files.size() > 1) {
      wrong.add("there are both %s; keep one".formatted(String.join(" and ", files)));
    }
    if (found.containsKey(name)) {
      wrong.add(
          "'%s' and '%s' are both named '%s'; rename one"
              .formatted(
                  found.get(name).files().getFirst(),
                  files.isEmpty() ? folder : files.getFirst(),
                  name));
      found.remove(name);
    }
    if (wrong.isEmpty() && !broken.containsKey(name)) {
      found.put(name, new FoundStack(name, List.of(files.getFirst()), List.of(), Map.of()));
    } else {
      broken
          .computeIfAbsent(name, n -> new ArrayList<>())
          .addAll(wrong.stream().map(Problem::of).toList());
    }
  }

  private static List<String> files(String folder, Listing listing, Snapshot snapshot) {
    return FILES.stream()
        .filter(listing.others()::contains)
        .map(name -> folder + "/" + name)
        .filter(snapshot::isFile)
        .toList();
  }

  static Optional<String> nameProblem(String name) {
    try {
      new Namespace(name);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }
}
