package dev.skep.deployer.source;

import dev.skep.deployer.source.SourceStatus.StackStatus;
import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.read.Problem;
import dev.skep.deployer.state.Deployments;
import dev.skep.model.stack.Deployment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is known of one source. Thread-safe. */
final class SourceState {
  private final Source source;
  private final StackGate gate;

  private String tip = "";
  private String variables = "";
  private boolean settled;
  private String seen;
  private String applied;
  private Instant checkedAt;
  private Instant appliedAt;
  private List<Problem> problems = List.of();
  private List<StackStatus> stacks = List.of();
  private String failure = "";

  SourceState(Source source, StackGate gate) {
    this.source = source;
    this.gate = gate;
  }

  /** Whether nothing has changed since everything that the source asks for was asked for. */
  synchronized boolean current(String tip, String variables) {
    return settled && this.tip.equals(tip) && this.variables.equals(variables);
  }

  /** The repository was reached. */
  synchronized void reached(Instant now) {
    checkedAt = now;
    failure = "";
  }

  /** The repository cannot be read for now. */
  synchronized void failed(String reason) {
    failure = reason;
  }

  /**
   * A commit was read and asked for.
   *
   * @param settled whether nothing has to be asked again
   * @return whether anything else is wrong than before
   */
  synchronized boolean read(
      String tip,
      String variables,
      String commit,
      List<Problem> problems,
      List<StackStatus> stacks,
      boolean settled) {
    boolean news =
        !commit.equals(seen)
            || !this.problems.equals(problems)
            || !wrong(this.stacks).equals(wrong(stacks));
    this.tip = tip;
    this.variables = variables;
    this.seen = commit;
    this.problems = List.copyOf(problems);
    this.stacks = List.copyOf(stacks);
    this.settled = settled;
    return news;
  }

  private static List<List<Problem>> wrong(List<StackStatus> stacks) {
    return stacks.stream().map(StackStatus::problems).toList();
  }

  /** How it is doing now: deployments go on after they were asked for. */
  synchronized SourceStatus status(Instant now) {
    List<StackStatus> current = new ArrayList<>();
    stacks.forEach(s -> current.add(now(s)));
    boolean all =
        seen != null && problems.isEmpty() && current.stream().allMatch(StackStatus::asItAsks);
    if (all && !seen.equals(applied)) {
      applied = seen;
      appliedAt = now;
    }
    boolean wrong = !problems.isEmpty() || current.stream().anyMatch(s -> !s.problems().isEmpty());
    List<Problem> told = new ArrayList<>(problems);
    if (!failure.isEmpty()) {
      told.addFirst(Problem.of(failure));
    }
    String state =
        !failure.isEmpty() ? "failing" : seen == null ? "waiting" : wrong ? "degraded" : "ok";
    return new SourceStatus(
        source.name(),
        source.url().text(),
        source.reference(),
        state,
        seen,
        applied,
        checkedAt,
        appliedAt,
        told,
        current,
        "");
  }

  private StackStatus now(StackStatus stack) {
    if (stack.command().isEmpty()) {
      return stack;
    }
    Optional<Deployment> deployment =
        Deployments.byCommand(stack.command(), gate.deployments(stack.name()));
    if (deployment.isEmpty()) {
      return stack;
    }
    boolean removing = stack.state().equals("removing");
    return switch (deployment.get().phase()) {
      case RUNNING -> with(stack, removing ? "removing" : "running", stack.problems());
      case SUCCEEDED -> with(stack, removing ? "removed" : "applied", stack.problems());
      case FAILED -> with(stack, "failed", List.of(Problem.of(deployment.get().error())));
    };
  }

  private static StackStatus with(StackStatus stack, String state, List<Problem> problems) {
    return new StackStatus(stack.name(), state, stack.command(), problems, stack.warnings());
  }
}
