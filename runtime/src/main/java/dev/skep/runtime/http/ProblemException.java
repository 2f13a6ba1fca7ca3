package dev.skep.runtime.http;

/** Ends a request with a {@link Problem}. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.title() + (problem.detail() == null ? "" : ": " + problem.detail()));
    this.problem = problem;
  }

  public ProblemException(int status, String title, String detail) {
    this(new Problem(status, title, detail));
  }

  /** What the caller is told. */
  public Problem problem() {
    return problem;
  }
}
