package dev.skep.deployer.source.read;

import dev.skep.deployer.compose.ComposeProblem;
import dev.skep.deployer.compose.Mark;
import dev.skep.deployer.source.policy.Refusal;

/**
 * Something that is wrong with a source or one of its stacks.
 *
 * @param file "" if it stands in none
 * @param line from 1; 0 if there is no file
 * @param column from 1; 0 if there is no file
 * @param where the object and its key; "" if it is about the whole
 * @param message what is wrong and what to do
 */
public record Problem(String file, int line, int column, String where, String message) {
  /** One without a place. */
  public static Problem of(String message) {
    return new Problem("", 0, 0, "", message);
  }

  /** One of a file of the repository. */
  public static Problem of(ComposeProblem problem) {
    return at(problem.mark(), "", problem.message());
  }

  /** One of the policy. */
  public static Problem of(Refusal refusal) {
    return at(refusal.place(), refusal.where(), refusal.message());
  }

  private static Problem at(Mark mark, String where, String message) {
    String plain = RepositoryFiles.relative(message);
    return mark == null
        ? new Problem("", 0, 0, where, plain)
        : new Problem(
            RepositoryFiles.relative(mark.file()), mark.line(), mark.column(), where, plain);
  }

  @Override
  public String toString() {
    String place = file.isEmpty() ? "" : file + ":" + line + ":" + column + ": ";
    return place + (where.isEmpty() ? "" : where + ": ") + message;
  }
}
