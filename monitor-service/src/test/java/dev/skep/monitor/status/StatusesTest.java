package dev.skep.monitor.status;

import static dev.skep.monitor.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.skep.model.Condition;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Task;
import dev.skep.model.stack.Stack;
import dev.skep.monitor.DemoCluster;
import dev.skep.monitor.Fixtures;
import dev.skep.monitor.cluster.ClusterModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusesTest {
  @Test
  void everythingThatIsWrongIsNamed() {
    Status status = Statuses.of(DemoCluster.model().snapshot(), List.of(), NOW);

    assertThat(status.verdict()).isEqualTo(Status.Verdict.DEGRADED);
    assertThat(status.nodesNotReady())
        .containsExactly(new Status.NodeProblem("w2", "w2.example", "down"));
    assertThat(status.servicesUnhealthy())
        .containsExactly(
            new Status.ServiceProblem("agent", "demo_agent", 5, 4, 0, null),
            new Status.ServiceProblem("api", "demo_api", 2, 1, 0, "paused"),
            new Status.ServiceProblem("db", "demo_db", 1, 0, 1, null));
    assertThat(status.routesNotAccepted())
        .extracting(Status.Problem::id, Status.Problem::reason)
        .containsExactly(tuple("api", "HostTaken"));
    assertThat(status.stacksNotApplied()).extracting(Status.Problem::id).containsExactly("demo");
    assertThat(status.edges()).extracting(Status.EdgeState::lag).containsExactly(0L, 3L);
    assertThat(status.counts().tasksDesired()).isEqualTo(11);
    assertThat(status.counts().tasksRunning()).isEqualTo(8);
  }

  @Test
  void aWellClusterIsOk() {
    ClusterModel model = new ClusterModel();
    model.node("m1", Fixtures.node("m1", Node.Role.MANAGER, Node.State.READY, true));
    model.service("web", Fixtures.service("web", 1));
    model.task(null, Fixtures.task("t1", "web", "m1", Task.State.RUNNING), true);

    Status status = Statuses.of(model.snapshot(), List.of(new Part("x", true, "")), NOW);

    assertThat(status.verdict()).isEqualTo(Status.Verdict.OK);
  }

  @Test
  void aStackThatOthersChangedIsNamedWithWhatDiffers() {
    Stack applied = Fixtures.stack("shop", 3, 3);
    Condition differs =
        Condition.isFalse(Stack.IN_SYNC, "Differs", "web: TaskTemplate.Placement", NOW);
    ClusterModel model = new ClusterModel();
    model.stack(
        "shop",
        new Stack(
            applied.name(),
            applied.revision(),
            applied.observedRevision(),
            applied.services(),
            applied.body(),
            false,
            NOW,
            Condition.with(applied.conditions(), differs)));

    Status status = Statuses.of(model.snapshot(), List.of(), NOW);

    assertThat(status.verdict()).isEqualTo(Status.Verdict.DEGRADED);
    assertThat(status.stacksNotApplied())
        .containsExactly(
            new Status.Problem("shop", null, "Differs", "web: TaskTemplate.Placement"));
  }

  @Test
  void withoutQuorumItIsCritical() {
    ClusterModel model = new ClusterModel();
    model.node("m1", Fixtures.node("m1", Node.Role.MANAGER));
    model.node("m2", Fixtures.node("m2", Node.Role.MANAGER, Node.State.DOWN, false));

    Status status = Statuses.of(model.snapshot(), List.of(), NOW);

    assertThat(status.verdict()).isEqualTo(Status.Verdict.CRITICAL);
  }

  @Test
  void whatIsStaleIsCriticalAndNamed() {
    Part stale = new Part("skep.nodes", false, "the broker does not answer");

    Status status = Statuses.of(new ClusterModel().snapshot(), List.of(stale), NOW);

    assertThat(status.verdict()).isEqualTo(Status.Verdict.CRITICAL);
    assertThat(status.stale()).containsExactly(stale);
  }
}
