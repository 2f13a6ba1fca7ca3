package dev.skep.deployer.source;

import dev.skep.deployer.source.read.Problem;
import java.time.Instant;
import java.util.List;

/**
 * How a source is doing, as {@code GET /api/sources} tells it.
 *
 * @param url without credentials
 * @param state {@code ok}, {@code failing} (it cannot be read), {@code degraded} (some of its
 *     stacks are not as it asks), {@code waiting} (not looked at yet), {@code broken} (its
 *     declaration is)
 * @param seenCommit the newest commit that was read; null before
 * @param appliedCommit the newest commit of which every stack came to run as it asks; null before
 * @param checkedAt when the repository was last reached; null before
 * @param appliedAt when that was; null before
 * @param problems of the whole
 * @param reporting why its host is not told of commits for now; "" if it is, or need not be
 */
public record SourceStatus(
    String name,
    String url,
    String reference,
    String state,
    String seenCommit,
    String appliedCommit,
    Instant checkedAt,
    Instant appliedAt,
    List<Problem> problems,
    List<StackStatus> stacks,
    String reporting) {

  /**
   * How one of its stacks is doing.
   *
   * @param state {@code applied}, {@code pending}, {@code running}, {@code failed}, {@code
   *     refused}, {@code left} (not in the repository any more), {@code removing}, {@code removed}
   * @param command what was asked for last; "" if nothing had to be
   * @param problems why it is refused, or failed
   * @param warnings what was ignored in its files, or why it is left
   */
  public record StackStatus(
      String name, String state, String command, List<Problem> problems, List<Problem> warnings) {
    public StackStatus {
      problems = List.copyOf(problems);
      warnings = List.copyOf(warnings);
    }

    /** Whether nothing more is to come, and it is as its source asks. */
    boolean asItAsks() {
      return state.equals("applied") || state.equals("removed") || state.equals("left");
    }
  }

  /** The same with what keeps its host from being told. */
  SourceStatus withReporting(String problem) {
    return new SourceStatus(
        name,
        url,
        reference,
        state,
        seenCommit,
        appliedCommit,
        checkedAt,
        appliedAt,
        problems,
        stacks,
        problem);
  }

  public SourceStatus {
    problems = List.copyOf(problems);
    stacks = List.copyOf(stacks);
  }
}
