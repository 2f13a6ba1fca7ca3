package dev.skep.deployer.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.source.SourceStatus.StackStatus;
import dev.skep.deployer.source.read.Problem;
import dev.skep.deployer.source.status.CommitStatus;
import dev.skep.deployer.source.status.CommitStatus.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitStatusesTest {
  @ParameterizedTest
  @CsvSource({
    "pending, PENDING, being deployed",
    "running, PENDING, being deployed",
    "applied, SUCCESS, deployed",
    "failed, FAILURE, broken",
    "refused, ERROR, broken",
    "removing, PENDING, being removed",
    "removed, SUCCESS, removed"
  })
  void eachStateOfAStackIsTold(String state, State told, String description) {
    assertThat(CommitStatuses.wanted(source("c1", stack("shop", state, "broken"))))
        .containsExactly(new CommitStatus("c1", "skep/shop", told, description));
  }

  @Test
  void aStackThatTheRepositoryDoesNotHoldIsNotTold() {
    assertThat(CommitStatuses.wanted(source("c1", stack("shop", "left", "")))).isEmpty();
  }

  @Test
  void nothingIsToldBeforeACommitWasRead() {
    assertThat(CommitStatuses.wanted(source(null, stack("shop", "applied", "")))).isEmpty();
  }

  @Test
  void aCommitThatCannotBeReadIsTold() {
    SourceStatus wrong = status("c1", "degraded", List.of(Problem.of("'skep.yml' names no stack")));
    SourceStatus unreachable = status("c1", "failing", List.of(Problem.of("connection refused")));

    assertThat(CommitStatuses.wanted(wrong))
        .containsExactly(new CommitStatus("c1", "skep", State.ERROR, "'skep.yml' names no stack"));
    assertThat(CommitStatuses.wanted(unreachable)).isEmpty();
  }

  @Test
  void aDescriptionIsOneShortLineWithoutSecretsAndWithoutLogs() {
    String failed =
        "service shop_web: did not come to run: exit 1\n  the last lines of shop_web.1:\n  | card 4711";

    assertThat(description(failed)).isEqualTo("service shop_web: did not come to run: exit 1");
    assertThat(description("service x: PASSWORD=hunter2 is wrong")).doesNotContain("hunter2");
    assertThat(description("x".repeat(500))).hasSize(140).endsWith("...");
    assertThat(description("")).isEqualTo("it failed");
  }

  @Test
  void onlyWhatChangedIsSent() {
    CommitStatus shop = new CommitStatus("c1", "skep/shop", State.SUCCESS, "deployed");
    CommitStatus bank = new CommitStatus("c1", "skep/bank", State.PENDING, "being deployed");
    CommitStatus done = new CommitStatus("c1", "skep/bank", State.SUCCESS, "deployed");

    assertThat(CommitStatuses.unsent(Map.of(), List.of(shop, bank))).containsExactly(shop, bank);
    assertThat(CommitStatuses.unsent(told(shop, bank), List.of(shop, bank))).isEmpty();
    assertThat(CommitStatuses.unsent(told(shop, bank), List.of(shop, done))).containsExactly(done);
  }

  @Test
  void aCommitThatWasOvertakenDoesNotStayPending() {
    CommitStatus old = new CommitStatus("c1", "skep/shop", State.PENDING, "being deployed");
    CommitStatus good = new CommitStatus("c1", "skep/bank", State.SUCCESS, "deployed");
    CommitStatus next = new CommitStatus("c2", "skep/shop", State.PENDING, "being deployed");

    assertThat(CommitStatuses.unsent(told(old, good), List.of(next)))
        .containsExactly(
            new CommitStatus("c1", "skep/shop", State.ERROR, "overtaken by a newer commit"), next);
  }

  private static Map<String, CommitStatus> told(CommitStatus... statuses) {
    Map<String, CommitStatus> told = new LinkedHashMap<>();
    List.of(statuses).forEach(s -> told.put(s.context(), s));
    return told;
  }

  private static String description(String problem) {
    return CommitStatuses.wanted(source("c1", stack("shop", "failed", problem)))
        .getFirst()
        .description();
  }

  private static StackStatus stack(String name, String state, String problem) {
    List<Problem> problems = new ArrayList<>();
    if (!problem.isEmpty()) {
      problems.add(Problem.of(problem));
    }
    return new StackStatus(name, state, "command", problems, List.of());
  }

  private static SourceStatus source(String commit, StackStatus stack) {
    return new SourceStatus(
        "s", "url", "HEAD", "ok", commit, null, null, null, List.of(), List.of(stack), "");
  }

  private static SourceStatus status(String commit, String state, List<Problem> problems) {
    return new SourceStatus(
        "s", "url", "HEAD", state, commit, null, null, null, problems, List.of(), "");
  }
}
