package dev.skep.deployer.source.declare;

import java.util.List;

/**
 * Where a repository's stacks are.
 *
 * @param manifest the repository's own file that lists them, by its path in the repository; if it
 *     is there it is used
 * @param folders patterns of folders, each a stack that is named by its folder; used where there is
 *     no manifest
 * @param foldersSaid whether the folders were declared: then no manifest is looked for
 */
public record Layout(String manifest, List<String> folders, boolean foldersSaid) {
  /** What is used where nothing is said. */
  public static final String MANIFEST = "skep.yml";

  /** What is used where nothing is said and there is no manifest. */
  public static final String FOLDERS = "stacks/*";

  public Layout {
    folders = List.copyOf(folders);
  }
}
