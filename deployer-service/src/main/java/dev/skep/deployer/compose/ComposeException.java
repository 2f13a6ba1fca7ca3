package dev.skep.deployer.compose;

import java.util.List;
import java.util.stream.Collectors;

/** Compose files that cannot be deployed, with everything that is wrong with them. */
public final class ComposeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<ComposeProblem> problems;

  public ComposeException(List<ComposeProblem> problems) {
    super(problems.stream().map(ComposeProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All problems in the order of the files, at least one. */
  public List<ComposeProblem> problems() {
    return problems;
  }
}
