package dev.skep.deployer.compose;

/**
 * One thing that is wrong, or worth a warning, at one place.
 *
 * @param message what, and what to do
 */
public record ComposeProblem(Mark mark, String message) {
  @Override
  public String toString() {
    return mark + ": " + message;
  }
}
