package dev.skep.deployer.source;

import dev.skep.deployer.plan.Masking;
import dev.skep.deployer.source.SourceStatus.StackStatus;
import dev.skep.deployer.source.read.Problem;
import dev.skep.deployer.source.status.CommitStatus;
import dev.skep.deployer.source.status.CommitStatus.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides what a source's host is told of its commits. Pure. */
final class CommitStatuses {
  private static final String CONTEXT = "skep";

  /** Before what a task wrote to its log, which may be anything. */
  private static final String LOG = "the last lines of";

  private CommitStatuses() {}

  /** What should be told now, of the newest commit that was read. */
  static List<CommitStatus> wanted(SourceStatus source) {
    List<CommitStatus> result = new ArrayList<>();
    if (source.seenCommit() == null) {
      return result;
    }
    // What keeps it from being read now is not the commit's fault.
    if (!source.problems().isEmpty() && !source.state().equals("failing")) {
      result.add(
          new CommitStatus(
              source.seenCommit(), CONTEXT, State.ERROR, first(source.problems(), "not readable")));
    }
    for (StackStatus stack : source.stacks()) {
      of(source.seenCommit(), stack).ifPresent(result::add);
    }
    return result;
  }

  private static Optional<CommitStatus> of(String commit, StackStatus stack) {
    String context = CONTEXT + "/" + stack.name();
    return switch (stack.state()) {
      case "applied" ->
          Optional.of(
              new CommitStatus(
                  commit,
                  context,
                  State.SUCCESS,
                  stack.command().isEmpty() ? "nothing to change" : "deployed"));
      case "pending", "running" ->
          Optional.of(new CommitStatus(commit, context, State.PENDING, "being deployed"));
      case "removing" ->
          Optional.of(new CommitStatus(commit, context, State.PENDING, "being removed"));
      case "removed" -> Optional.of(new CommitStatus(commit, context, State.SUCCESS, "removed"));
      case "failed" ->
          Optional.of(
              new CommitStatus(
                  commit, context, State.FAILURE, first(stack.problems(), "it failed")));
      case "refused" ->
          Optional.of(
              new CommitStatus(
                  commit, context, State.ERROR, first(stack.problems(), "it is refused")));
      default -> Optional.empty();
    };
  }

  /**
   * What has to be sent, in this order.
   *
   * @param told what the host was told last, by context
   */
  static List<CommitStatus> unsent(Map<String, CommitStatus> told, List<CommitStatus> wanted) {
    Map<String, CommitStatus> next = new LinkedHashMap<>();
    wanted.forEach(s -> next.put(s.context(), s));
    List<CommitStatus> result = new ArrayList<>();
    Set<String> commits = new HashSet<>();
    wanted.forEach(s -> commits.add(s.commit()));
    for (CommitStatus last : told.values()) {
      // A commit that is not the newest any more must not stay pending for ever.
      if (last.state() == State.PENDING && !commits.isEmpty() && !commits.contains(last.commit())) {
        result.add(
            new CommitStatus(
                last.commit(), last.context(), State.ERROR, "overtaken by a newer commit"));
      }
    }
    for (CommitStatus status : next.values()) {
      if (!status.equals(told.get(status.context()))) {
        result.add(status);
      }
    }
    return result;
  }

  private static String first(List<Problem> problems, String otherwise) {
    String text = problems.isEmpty() ? "" : problems.getFirst().toString();
    int log = text.indexOf(LOG);
    String line = Masking.text((log < 0 ? text : text.substring(0, log)).replaceAll("\\s+", " "));
    String plain = line.replaceFirst("[ ;:]+$", "").strip();
    if (plain.isEmpty()) {
      return otherwise;
    }
    return plain.length() > CommitStatus.LONGEST
        ? plain.substring(0, CommitStatus.LONGEST - 3) + "..."
        : plain;
  }
}
