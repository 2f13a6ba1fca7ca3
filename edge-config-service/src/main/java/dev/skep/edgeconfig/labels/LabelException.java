package dev.skep.edgeconfig.labels;

/** A label's text could not be honoured. Carries the one problem that was met first. */
public final class LabelException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient LabelProblem problem;

  LabelException(Reason reason, String message) {
    super(reason.word() + ": " + message);
    this.problem = new LabelProblem(reason, message);
  }

  /** What is wrong. */
  public LabelProblem problem() {
    return problem;
  }
}
