package dev.skep.monitor.cluster;

import static dev.skep.monitor.Fixtures.NOW;
import static dev.skep.monitor.Fixtures.deployment;
import static dev.skep.monitor.Fixtures.node;
import static dev.skep.monitor.Fixtures.service;
import static dev.skep.monitor.Fixtures.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.cluster.Task.State;
import dev.skep.model.stack.Deployment;
import dev.skep.monitor.Fixtures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterModelTest {
  private final ClusterModel model = new ClusterModel();

  @Test
  void tasksOfANodeThatIsDownRunButNotEffectively() {
    model.service("web", service("web", 2));
    model.node("n1", node("n1", Node.Role.WORKER));
    model.node("n2", node("n2", Node.Role.WORKER));
    model.task(null, task("t1", "web", "n1", State.RUNNING), false);
    model.task(null, task("t2", "web", "n2", State.RUNNING), false);

    model.node("n2", node("n2", Node.Role.WORKER, Node.State.DOWN, false));

    assertThat(facts("web").running()).isEqualTo(2);
    assertThat(facts("web").effective()).isEqualTo(1);
  }

  @Test
  void aTaskThatIsToEndDoesNotRunEffectively() {
    model.service("web", service("web", 1));
    model.node("n1", node("n1", Node.Role.WORKER));
    Task running = task("t1", "web", "n1", State.RUNNING);
    model.task(null, running, false);

    model.task(running, task("t1", "web", "n1", State.RUNNING, State.SHUTDOWN, "", null), true);

    assertThat(facts("web").running()).isEqualTo(1);
    assertThat(facts("web").effective()).isZero();
  }

  @Test
  void nodesMayBeReadAfterTheirTasks() {
    model.task(null, task("t1", "web", "n1", State.RUNNING), false);
    model.service("web", service("web", 1));

    model.node("n1", node("n1", Node.Role.WORKER));

    assertThat(facts("web").effective()).isEqualTo(1);
  }

  @Test
  void whatIsReadAgainAfterAStartIsNotCounted() {
    model.service("web", service("web", 1));
    Task running = task("t1", "web", "n1", State.RUNNING);
    model.task(null, running, false);

    model.task(running, failed("t1", "task: non-zero exit (1)", 1), false);

    assertThat(facts("web").transitions(State.FAILED)).isZero();
    assertThat(facts("web").restarts()).isZero();
    assertThat(facts("web").in(State.FAILED)).isEqualTo(1);
  }

  @Test
  void aWantedTaskThatFailsIsARestart() {
    model.service("web", service("web", 1));
    Task running = task("t1", "web", "n1", State.RUNNING);
    model.task(null, running, false);

    model.task(running, failed("t1", "task: non-zero exit (1)", 1), true);

    assertThat(facts("web").restarts(TaskReason.EXIT)).isEqualTo(1);
    assertThat(facts("web").transitions(State.FAILED)).isEqualTo(1);
  }

  @Test
  void aTaskThatWasToldToEndIsNoRestartHoweverItEnds() {
    model.service("web", service("web", 1));
    Task told = task("t1", "web", "n1", State.RUNNING, State.SHUTDOWN, "", null);
    model.task(null, told, false);

    model.task(told, failed("t1", "task: non-zero exit (143)", 143), true);

    assertThat(facts("web").restarts()).isZero();
  }

  @Test
  void aJobsTaskThatCompletesIsNoRestart() {
    model.service("job", service("job", 1, Service.Mode.REPLICATED_JOB, null, Map.of(), Map.of()));
    Task running = task("t1", "job", "n1", State.RUNNING);
    model.task(null, running, false);

    model.task(running, task("t1", "job", "n1", State.COMPLETE, State.COMPLETE, "", 0), true);

    assertThat(facts("job").restarts()).isZero();
    assertThat(facts("job").transitions(State.COMPLETE)).isEqualTo(1);
  }

  @Test
  void theTimeToStartIsFromTheTasksMakingToItsRunning() {
    model.service("web", service("web", 1));
    Task starting = task("t1", "web", "n1", State.STARTING);
    model.task(null, starting, true);

    model.task(starting, task("t1", "web", "n1", State.RUNNING), true);

    assertThat(facts("web").starts().count()).isEqualTo(1);
    assertThat(facts("web").starts().sum()).isEqualTo(2.0);
  }

  @Test
  void aServiceThatIsGoneLeavesNothingBehindEvenIfItsTasksGoLater() {
    Task task = task("t1", "web", "n1", State.RUNNING);
    model.service("web", service("web", 1));
    model.task(null, task, true);
    model.service("web", null);

    model.task(task, null, true);
    model.service("web", service("web", 1));

    assertThat(facts("web").transitions(State.RUNNING)).isZero();
    assertThat(facts("web").running()).isZero();
  }

  @Test
  void aSnapshotDoesNotChangeWhenTheClusterDoes() {
    model.service("web", service("web", 1));
    Task running = task("t1", "web", "n1", State.RUNNING);
    model.task(null, running, true);

    Snapshot before = model.snapshot();
    model.task(running, failed("t1", "task: non-zero exit (1)", 1), true);
    model.service("db", service("db", 1));

    assertThat(before.services()).hasSize(1);
    assertThat(before.services().get(0).tasks().running()).isEqualTo(1);
    assertThat(before.services().get(0).tasks().restarts()).isZero();
    assertThat(model.snapshot().revision()).isGreaterThan(before.revision());
  }

  @Test
  void aDeploymentIsCountedOnceWhenItEnds() {
    model.deployment("demo/1", deployment("demo", 1, Deployment.Phase.RUNNING), true);
    model.deployment("demo/1", deployment("demo", 1, Deployment.Phase.SUCCEEDED), true);

    model.deployment("demo/1", deployment("demo", 1, Deployment.Phase.SUCCEEDED), true);

    Map<Deployment.Phase, Histogram> ended = model.snapshot().deploymentTallies().get("demo");
    assertThat(ended.get(Deployment.Phase.SUCCEEDED).count()).isEqualTo(1);
    assertThat(ended.get(Deployment.Phase.SUCCEEDED).sum()).isEqualTo(12);
  }

  @Test
  void anEdgesLagIsWhatItHasNotAppliedOfTheTopicsItFollows() {
    model.applied("skep.routes", 41, NOW);
    model.applied("skep.nodes", 99, NOW);

    model.edge("edge-1", Fixtures.edge("edge-1", 38));

    Snapshot snapshot = model.snapshot();
    assertThat(snapshot.lag(snapshot.edges().get(0))).isEqualTo(3);
  }

  /** The tallies, adjusted change by change, must equal a count of all tasks from scratch. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 20260501})
  void talliesEqualACountFromScratch(long seed) {
    Random random = new Random(seed);
    Map<String, Task> tasks = new HashMap<>();
    Map<String, Boolean> ready = new HashMap<>();
    for (int s = 0; s < 4; s++) {
      model.service("s" + s, service("s" + s, 3));
    }

    for (int step = 0; step < 5_000; step++) {
      if (random.nextInt(20) == 0) {
        String id = "n" + random.nextInt(5);
        boolean up = random.nextBoolean();
        ready.put(id, up);
        Node.State state = up ? Node.State.READY : Node.State.DOWN;
        model.node(id, node(id, Node.Role.WORKER, state, false));
        continue;
      }
      String id = "t" + random.nextInt(60);
      Task before = tasks.get(id);
      Task after = random.nextInt(6) == 0 ? null : anyTask(random, id, before);
      if (before == null && after == null) {
        continue;
      }
      model.task(before, after, random.nextBoolean());
      if (after == null) {
        tasks.remove(id);
      } else {
        tasks.put(id, after);
      }
    }

    List<String> wrong = new ArrayList<>();
    for (ServiceFacts facts : model.snapshot().services()) {
      String id = facts.service().id();
      for (State state : State.values()) {
        long expected =
            tasks.values().stream()
                .filter(t -> t.serviceId().equals(id) && t.state() == state)
                .count();
        if (facts.tasks().in(state) != expected) {
          wrong.add(id + " " + state);
        }
      }
      long effective =
          tasks.values().stream()
              .filter(t -> t.serviceId().equals(id) && t.state() == State.RUNNING)
              .filter(t -> t.wanted() && ready.getOrDefault(t.nodeId(), false))
              .count();
      if (facts.tasks().effective() != effective) {
        wrong.add(id + " effective " + facts.tasks().effective() + " not " + effective);
      }
    }
    assertThat(wrong).as("seed %d", seed).isEmpty();
  }

  private static Task anyTask(Random random, String id, Task before) {
    State[] states = State.values();
    String service = before == null ? "s" + random.nextInt(4) : before.serviceId();
    State state = random.nextInt(3) > 0 ? State.RUNNING : states[random.nextInt(states.length)];
    State desired = random.nextInt(3) > 0 ? State.RUNNING : State.SHUTDOWN;
    return task(id, service, "n" + random.nextInt(5), state, desired, "", null);
  }

  private static Task failed(String id, String error, int code) {
    return task(id, "web", "n1", State.FAILED, State.SHUTDOWN, error, code);
  }

  private TaskFacts facts(String service) {
    return model.snapshot().services().stream()
        .filter(f -> f.service().id().equals(service))
        .findFirst()
        .orElseThrow()
        .tasks();
  }
}
