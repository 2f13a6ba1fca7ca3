package dev.skep.deployer.source.status;

/**
 * What became of one stack of a commit.
 *
 * @param commit its full id
 * @param context by which the host tells it from others: {@code skep/STACK}
 * @param description one line for people, at most {@value #LONGEST} characters; holds no secret
 */
public record CommitStatus(String commit, String context, State state, String description) {
  /** GitHub takes no more. */
  public static final int LONGEST = 140;

  /** As GitHub and Gitea call them. */
  public enum State {
    PENDING,
    SUCCESS,
    FAILURE,
    ERROR
  }
}
