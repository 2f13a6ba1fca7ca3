package dev.skep.deployer.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.compose.Dependency.Condition;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final Duration MONITOR = Duration.ofSeconds(5);
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final Gate gate = new Gate();

  private Verdict judge(Cluster cluster, long second) {
    return gate.judge(cluster.standing(), MONITOR, START.plusSeconds(second));
  }

  private static Cluster running() {
    return new Cluster().task(1, "running", "running").task(2, "running", "running");
  }

  @Test
  void newTasksAreToStayAsTheyShouldBeForTheMonitorsTime() {
    gate.begun("s_web", true);
    Cluster cluster = new Cluster().task(1, "running", "running");
    assertThat(judge(cluster, 0)).isInstanceOf(Verdict.Waiting.class);

    cluster.task(2, "running", "running");

    assertThat(judge(cluster, 10)).isInstanceOf(Verdict.Waiting.class);
    assertThat(judge(cluster, 14)).isInstanceOf(Verdict.Waiting.class);
    assertThat(judge(cluster, 15)).isInstanceOf(Verdict.Settled.class);
  }

  @Test
  void theTimeBeginsAnewWhenATaskCrashes() {
    gate.begun("s_web", true);
    judge(running(), 0);
    judge(new Cluster().task(1, "running", "running").task(2, "shutdown", "failed"), 4);

    assertThat(judge(running(), 5)).isInstanceOf(Verdict.Waiting.class);
    assertThat(judge(running(), 9)).isInstanceOf(Verdict.Waiting.class);
    assertThat(judge(running(), 10)).isInstanceOf(Verdict.Settled.class);
  }

  @Test
  void whatSwarmHasWatchedItselfIsNotWatchedAgain() {
    gate.begun("s_web", true);

    assertThat(judge(running().update("completed", ""), 0)).isInstanceOf(Verdict.Settled.class);
  }

  @Test
  void whatHasNoNewTasksIsThereAtOnce() {
    gate.begun("s_web", false);

    assertThat(judge(running(), 0)).isInstanceOf(Verdict.Settled.class);
  }

  @Test
  void whatIsScaledUpHasNewTasksToWatch() {
    gate.begun("s_web", false);
    judge(new Cluster().task(1, "running", "running"), 0);

    assertThat(judge(running(), 1)).isInstanceOf(Verdict.Waiting.class);
    assertThat(judge(running(), 6)).isInstanceOf(Verdict.Settled.class);
  }

  @Test
  void anAttemptAfterAnotherGoesOnWatching() {
    gate.resumed("s_web");

    assertThat(judge(running(), 0)).isInstanceOf(Verdict.Waiting.class);
    assertThat(judge(running(), 5)).isInstanceOf(Verdict.Settled.class);
  }

  @Test
  void threeFailuresInOnePlaceAreEnoughEvenIfSwarmHasForgottenTheFirst() {
    gate.begun("s_web", true);
    Cluster two = new Cluster().task(1, "shutdown", "failed").task(1, "shutdown", "failed");
    two.task(2, "shutdown", "failed").task(2, "shutdown", "failed");
    assertThat(judge(two, 0)).isInstanceOf(Verdict.Waiting.class);

    Cluster later = new Cluster().task(1, "shutdown", "shutdown").task(1, "shutdown", "shutdown");
    later.task(2, "shutdown", "shutdown").task(2, "shutdown", "shutdown");
    later.task(1, "shutdown", "failed").task(1, "running", "running");

    assertThat(judge(later, 9))
        .isInstanceOfSatisfying(
            Verdict.Failed.class, f -> assertThat(f.why()).isEqualTo("s_web.1 has failed 3 times"));
  }

  @Test
  void whileSwarmItselfCountsFailuresItIsTheOneToDecide() {
    gate.begun("s_web", true);
    Cluster cluster = new Cluster().update("updating", "");
    for (int i = 0; i < 4; i++) {
      cluster.task(1, "shutdown", "failed");
    }
    assertThat(judge(cluster, 0)).isInstanceOf(Verdict.Waiting.class);

    cluster.service.withObject("/Spec/UpdateConfig").put("FailureAction", "continue");
    assertThat(judge(cluster, 1)).isInstanceOf(Verdict.Failed.class);
  }

  @Test
  void anUpdateThatIsPausedOrTakenBackHasFailedInSwarmsWords() {
    gate.begun("s_web", true);

    assertThat(judge(running().update("paused", "update paused due to failure"), 0))
        .isInstanceOfSatisfying(
            Verdict.Failed.class,
            f ->
                assertThat(f.why())
                    .isEqualTo("Swarm paused its update: update paused due to failure"));
    assertThat(judge(running().update("rollback_completed", "rollback completed"), 1))
        .isInstanceOfSatisfying(
            Verdict.Failed.class,
            f -> assertThat(f.why()).isEqualTo("Swarm took its update back: rollback completed"));
  }

  @Test
  void anOldRollbackOfWhatIsNotChangedSaysNothing() {
    assertThat(judge(running().update("rollback_completed", ""), 0))
        .isInstanceOf(Verdict.Settled.class);
  }

  @Test
  void aTaskThatIsNotStartedAgainIsGivenUpAfterAWhile() {
    gate.begun("s_web", true);
    Cluster cluster = new Cluster().restart("none").task(1, "shutdown", "failed");

    assertThat(judge(cluster, 0)).isInstanceOf(Verdict.Waiting.class);
    assertThat(judge(cluster, 5)).isInstanceOf(Verdict.Failed.class);
  }

  @Test
  void onNodesNoTaskAtFirstMayMeanThatNoneCouldBeMadeYet() {
    gate.begun("s_web", true);
    Cluster empty = new Cluster().mode("{'Global':{}}");

    assertThat(judge(empty, 0)).isInstanceOf(Verdict.Waiting.class);
    assertThat(meets(empty, Condition.STARTED, 0)).isFalse();
    assertThat(judge(empty, 5)).isInstanceOf(Verdict.Settled.class);
    assertThat(meets(empty, Condition.STARTED, 5)).isTrue();
  }

  private boolean meets(Cluster cluster, Condition condition, long second) {
    return gate.meets(judge(cluster, second), condition, START.plusSeconds(second));
  }

  @Test
  void whatHasNoHealthCheckIsHealthyWhenItGoesOnRunning() {
    gate.begun("s_web", true);

    assertThat(meets(running(), Condition.STARTED, 0)).isTrue();
    assertThat(meets(running(), Condition.HEALTHY, 4)).isFalse();
    assertThat(meets(running(), Condition.HEALTHY, 5)).isTrue();
  }

  @Test
  void whatHasAHealthCheckIsHealthyAsSoonAsSwarmSaysThatItRuns() {
    gate.begun("s_web", true);

    assertThat(meets(running().healthcheck(), Condition.HEALTHY, 0)).isTrue();
  }
}
