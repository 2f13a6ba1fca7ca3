package dev.skep.deployer.compose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gathers errors and warnings, so that all of a file are told at once. Not thread-safe. */
public final class Problems {
  private static final Comparator<ComposeProblem> BY_PLACE =
      Comparator.<ComposeProblem, Integer>comparing(p -> p.mark().line())
          .thenComparing(p -> p.mark().column());

  // Sets: what an anchor brings in twice is told once.
  private final Set<ComposeProblem> errors = new LinkedHashSet<>();
  private final Set<ComposeProblem> warnings = new LinkedHashSet<>();

  public void error(Mark mark, String message) {
    errors.add(new ComposeProblem(mark, message));
  }

  public void warn(Mark mark, String message) {
    warnings.add(new ComposeProblem(mark, message));
  }

  public boolean hasErrors() {
    return !errors.isEmpty();
  }

  /** The errors so far, in the order of discovery. */
  public List<ComposeProblem> errors() {
    return List.copyOf(errors);
  }

  /** The warnings so far, in the order of discovery. */
  public List<ComposeProblem> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * Ends the reading if anything was wrong.
   *
   * @throws ComposeException with all errors, by file and place
   */
  public void check() {
    if (errors.isEmpty()) {
      return;
    }
    List<String> files = errors.stream().map(p -> p.mark().file()).distinct().toList();
    List<ComposeProblem> sorted = new ArrayList<>(errors);
    sorted.sort(
        Comparator.<ComposeProblem, Integer>comparing(p -> files.indexOf(p.mark().file()))
            .thenComparing(BY_PLACE));
    throw new ComposeException(sorted);
  }
}
