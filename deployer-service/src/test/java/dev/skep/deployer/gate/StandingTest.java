package dev.skep.deployer.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.Dependency.Condition;
import dev.skep.deployer.gate.Standing.Update.State;
import dev.skep.deployer.task.TaskRow;
import org.junit.jupiter.api.Test;

class StandingTest {
  @Test
  void aServiceIsStableWhenAsManyTasksRunAsAreWanted() {
    Cluster cluster = new Cluster().task(1, "running", "running").task(2, "running", "starting");

    assertThat(cluster.standing().stable()).isFalse();
    assertThat(cluster.standing().words()).isEqualTo("1/2 running");

    cluster.task(2, "running", "running");

    assertThat(cluster.standing().stable()).isTrue();
    assertThat(cluster.standing().meets(Condition.HEALTHY)).isTrue();
    assertThat(cluster.standing().meets(Condition.COMPLETED)).isFalse();
  }

  @Test
  void whatHasAHealthCheckIsCalledHealthy() {
    Cluster cluster = new Cluster();
    cluster
        .service
        .withObject("/Spec/TaskTemplate/ContainerSpec/Healthcheck")
        .putArray("Test")
        .add("CMD");

    assertThat(cluster.standing().words()).isEqualTo("0/2 healthy");
  }

  @Test
  void noReplicasAreThereAtOnce() {
    assertThat(new Cluster().mode("{'Replicated':{'Replicas':0}}").standing().stable()).isTrue();
  }

  @Test
  void tasksOfTheSpecBeforeDoNotCountUntilSwarmSaysThatTheUpdateIsDone() {
    Cluster cluster = new Cluster().updated();
    cluster.old(1, "running", "running").old(2, "running", "running");
    assertThat(cluster.standing().stable()).isFalse();

    cluster.task(1, "running", "running");
    cluster.update("updating", "update in progress");
    assertThat(cluster.standing().words()).isEqualTo("updating 1/2");

    cluster.update("completed", "update completed");
    assertThat(cluster.standing().stable()).isTrue();
  }

  @Test
  void aTaskThatIsRightlyWhereItIsIsKeptUnderAnotherPlacement() {
    Cluster cluster = new Cluster().task(1, "running", "running").task(2, "running", "running");
    cluster.updated();
    cluster.service.withObject("/Spec/TaskTemplate/Placement").putArray("Constraints").add("x==y");

    assertThat(cluster.standing().stable()).isTrue();
  }

  @Test
  void whereSwarmHasTakenAnUpdateBackTheTasksOfTheUpdateTellWhy() {
    Cluster cluster = new Cluster().updated();
    cluster.task(1, "shutdown", "failed");
    // What is wanted now is what was there before.
    ObjectNode previous = (ObjectNode) cluster.service.get("PreviousSpec");
    cluster.service.set("PreviousSpec", cluster.service.get("Spec"));
    cluster.service.set("Spec", previous);
    cluster.task(1, "running", "running").task(2, "running", "running");
    cluster.service.withObject("/UpdateStatus").put("State", "rollback_completed");

    Standing standing = cluster.standing();

    assertThat(standing.update().state()).isEqualTo(State.ROLLED_BACK);
    assertThat(standing.causes()).containsExactly("s_web.1: exit code 3");
    assertThat(standing.exited().map(TaskRow::id)).contains("t1");
  }

  @Test
  void whatFailedBeforeIsNotOfThisDeployment() {
    Cluster cluster = new Cluster("t1");
    cluster.task(1, "shutdown", "failed").task(1, "shutdown", "failed");

    assertThat(cluster.standing().failed()).extracting(TaskRow::id).containsExactly("t2");
  }

  @Test
  void aServiceOnEachNodeWantsWhatSwarmHasTasksFor() {
    Cluster cluster = new Cluster().mode("{'Global':{}}");
    assertThat(cluster.standing().empty()).isTrue();

    cluster.task(1, "running", "running").task(2, "running", "preparing");
    // A node that was drained.
    cluster.task(3, "shutdown", "shutdown");

    assertThat(cluster.standing().empty()).isFalse();
    assertThat(cluster.standing().words()).isEqualTo("1/2 running");
    cluster.task(2, "running", "running");
    assertThat(cluster.standing().stable()).isTrue();
  }

  @Test
  void aJobIsDoneWhenItsTasksOfThisIterationAre() {
    Cluster cluster =
        new Cluster().mode("{'ReplicatedJob':{'MaxConcurrent':1,'TotalCompletions':2}}");
    cluster.task(1, "complete", "complete").task(2, "complete", "complete");
    cluster.service.withObject("/JobStatus/JobIteration").put("Index", 7);
    assertThat(cluster.standing().words()).isEqualTo("0/2 completed");

    cluster.task(1, "complete", "complete").task(2, "complete", "running");
    assertThat(cluster.standing().meets(Condition.STARTED)).isTrue();
    assertThat(cluster.standing().meets(Condition.COMPLETED)).isFalse();
    assertThat(cluster.standing().stable()).isFalse();

    cluster.tasks.removeLast();
    cluster.task(2, "complete", "complete");
    assertThat(cluster.standing().meets(Condition.COMPLETED)).isTrue();
    assertThat(cluster.standing().stable()).isTrue();
  }

  @Test
  void aServiceThatMayEndIsStableWhenItHasEndedWell() {
    Cluster cluster = new Cluster().mode("{'Replicated':{'Replicas':1}}");
    cluster.task(1, "shutdown", "complete");
    assertThat(cluster.standing().stable()).isFalse();

    cluster.restart("on-failure");

    assertThat(cluster.standing().stable()).isTrue();
    assertThat(cluster.standing().meets(Condition.COMPLETED)).isTrue();
  }

  @Test
  void aTaskThatFailedAndIsNotStartedAgainIsSeen() {
    Cluster cluster = new Cluster().restart("none").task(1, "shutdown", "failed");
    assertThat(cluster.standing().gaveUp()).isTrue();
    assertThat(new Cluster().task(1, "shutdown", "failed").standing().gaveUp()).isFalse();

    cluster.task(1, "running", "running");
    assertThat(cluster.standing().gaveUp()).isFalse();
  }

  @Test
  void whyATaskWaitsIsToldInWords() {
    Cluster cluster = new Cluster().mode("{'Replicated':{'Replicas':1}}");
    cluster.task(1, "running", "pending").nowhere();

    assertThat(cluster.standing().causes())
        .containsExactly(
            "s_web.1: no node can take it: the placement constraints leave out 2 nodes");
  }
}
