package dev.skep.inventory.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.inventory.mapping.ClusterState;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Observation;
import dev.skep.model.cluster.Observation.Kind;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.cluster.Task.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LedgerTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final Ledger.Published NOTHING =
      new Ledger.Published(Map.of(), Map.of(), Map.of(), Map.of());

  private final Ledger ledger = new Ledger(NOTHING, T0);
  private Instant now = T0;

  @Test
  void nothingIsPublishedBeforeTheFirstFullReading() {
    // Given
    ledger.services(Map.of("s", service(1)), Set.of("s"), ledger.now(), "c");

    // When
    List<String> changes = publish();

    // Then
    assertThat(changes).isEmpty();
  }

  @Test
  void onlyWhatDiffersFromThePastIsPublished() {
    // Given what an earlier process published, of which one task is gone by now
    Task old = task("gone", State.RUNNING, State.RUNNING, 3).withReady(true);
    Task same = task("t", State.RUNNING, State.RUNNING, 5).withReady(true);
    Ledger restarted =
        new Ledger(
            new Ledger.Published(
                Map.of("n", node(Node.State.READY)),
                Map.of("s", service(1)),
                Map.of("gone", old, "t", same),
                Map.of()),
            T0);
    restarted.full(state(service(1), task("t", State.RUNNING, State.RUNNING, 5)), 1, "c");

    // When
    List<String> changes = publish(restarted);

    // Then
    assertThat(changes).containsExactly("task gone deleted");
  }

  @Test
  void aStartedTaskWithoutHealthCheckIsReadyBeforeTheEngineSaysSo() {
    // Given
    synced(task("t", State.STARTING, State.RUNNING, 5));
    agentBeats();

    // When
    ledger.observe(seen("n", Kind.START, false), now, "o");

    // Then
    assertThat(publish()).containsExactly("task t RUNNING ready");
  }

  @Test
  void aStartedTaskWithHealthCheckIsReadyOnlyOnceItIsHealthy() {
    // Given a task whose image brings a health check that the service's spec does not know
    synced(task("t", State.STARTING, State.RUNNING, 5));
    agentBeats();
    ledger.observe(seen("n", Kind.START, true), now, "o");
    assertThat(publish()).isEmpty();

    // When
    ledger.observe(seen("n", Kind.HEALTHY, null), now, "o");

    // Then
    assertThat(publish()).containsExactly("task t RUNNING ready");
  }

  @Test
  void aStartOfWhichNothingElseIsKnownAdvancesNothing() {
    // Given an agent that could not look at the container
    synced(task("t", State.STARTING, State.RUNNING, 5));
    agentBeats();

    // When
    ledger.observe(seen("n", Kind.START, null), now, "o");

    // Then
    assertThat(publish()).isEmpty();
  }

  @Test
  void aTaskThatIsToldToEndIsNotReadyAnyMoreWhateverIsSeenLater() {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));
    agentBeats();
    ledger.observe(seen("n", Kind.KILL, null), now, "o");
    assertThat(publish()).containsExactly("task t RUNNING");

    // When
    ledger.observe(seen("n", Kind.HEALTHY, null), now, "o");

    // Then
    assertThat(publish()).isEmpty();
  }

  @Test
  void anUnhealthyTaskIsNotReadyUntilItIsHealthyAgain() {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));
    agentBeats();
    ledger.observe(seen("n", Kind.UNHEALTHY, null), now, "o");
    assertThat(publish()).containsExactly("task t RUNNING");

    // When
    ledger.observe(seen("n", Kind.HEALTHY, null), now, "o");

    // Then
    assertThat(publish()).containsExactly("task t RUNNING ready");
  }

  @Test
  void anObservationOfAnotherNodesTaskIsIgnored() {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));

    // When
    Ledger.Followup more = ledger.observe(seen("other", Kind.DIE, null), now, "o");

    // Then
    assertThat(publish()).isEmpty();
    assertThat(more.services()).isEmpty();
  }

  @Test
  void anObservationAheadOfTheEngineCountsOnceTheTaskIsPlacedOnItsNode() {
    // Given the agent's start before the Engine has told of the task
    synced();
    agentBeats();
    Ledger.Followup more = ledger.observe(seen("n", Kind.START, false), now, "o");
    assertThat(more.tasks()).containsExactly("t");

    // When
    Task placed = task("t", State.STARTING, State.RUNNING, 5);
    ledger.tasks(Set.of("t"), Map.of("t", placed), ledger.now(), "c");

    // Then
    assertThat(publish()).containsExactly("task t RUNNING ready");
  }

  @Test
  void anObservationAheadByTheWrongNodeNeverCounts() {
    // Given
    synced();
    ledger.observe(seen("other", Kind.START, false), now, "o");

    // When
    Task placed = task("t", State.STARTING, State.RUNNING, 5);
    ledger.tasks(Set.of("t"), Map.of("t", placed), ledger.now(), "c");

    // Then
    assertThat(publish()).containsExactly("task t STARTING");
  }

  @Test
  void aDeathAsksForAReadingOfItsServiceAsSwarmReplacesTasksWithoutAWord() {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));

    // When
    Ledger.Followup more = ledger.observe(seen("n", Kind.DIE, null), now, "o");

    // Then
    assertThat(more.services()).containsExactly("s");
  }

  @Test
  void theTasksOfASilentNodeAreNotReadyUntilItsAgentBeatsAgain() {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));
    agentBeats();

    // When it is the only one that is not heard
    for (int i = 0; i < 4; i++) {
      ledger.observe(new Observation("m", Kind.BEAT, null, null, null, null, now), now, "o");
      pass(Duration.ofSeconds(1));
    }

    // Then
    assertThat(publish()).containsExactly("node n silent", "task t RUNNING");
    beat();
    assertThat(publish()).containsExactly("node n heard", "task t RUNNING ready");
  }

  @Test
  void aNodeThatWasSilentBeforeARestartIsSoUntilItsAgentIsHeard() {
    // Given
    Ledger restarted = restarted(node(Node.State.READY).withAgentSeen(false), T0);
    assertThat(publish(restarted)).isEmpty();

    // When
    restarted.observe(new Observation("n", Kind.BEAT, null, null, null, null, now), now, "o");

    // Then
    assertThat(publish(restarted)).containsExactly("node n heard", "task t RUNNING ready");
  }

  @Test
  void afterARestartAgentsHaveTheTimeTheyWereGiven() {
    // Given
    Ledger restarted = restarted(node(Node.State.READY).withAgentSeen(true), T0.plusSeconds(15));
    publish(restarted);

    // When
    for (int i = 1; i <= 30; i++) {
      restarted.checkAgents(T0.plusSeconds(i), T0.plusSeconds(i));
    }

    // Then
    assertThat(publish(restarted)).isEmpty();
    restarted.checkAgents(T0.plusSeconds(31), T0.plusSeconds(31));
    assertThat(publish(restarted)).containsExactly("node n silent", "task t RUNNING");
  }

  @Test
  void aNodeWhoseAgentNeverBeatIsNotSilent() {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));

    // When
    pass(Duration.ofMinutes(1));

    // Then
    assertThat(publish()).isEmpty();
  }

  @Test
  void anAgentThatSaidGoodbyeIsNotMissed() {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));
    agentBeats();

    // When
    ledger.observe(seen("n", Kind.BYE, null), now, "o");
    pass(Duration.ofMinutes(1));

    // Then
    assertThat(publish()).containsExactly("node n");
  }

  @Test
  void whileTheBrokerCannotBeReadNobodyIsSilent() {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));
    agentBeats();

    // When time passes in which no beat could be heard, and then some in which it could
    for (int i = 0; i < 20; i++) {
      now = now.plusSeconds(1);
      ledger.checkAgents(now, null);
    }
    pass(Duration.ofSeconds(1));

    // Then
    assertThat(publish()).isEmpty();
  }

  @Test
  void aBrokerThatEndsMakesNobodySilentBeforeItsEndIsKnown() {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));
    agentBeats();
    Instant brokerEnded = now;

    // When time passes until the broker is known not to answer
    for (int i = 0; i < 20; i++) {
      now = now.plusSeconds(1);
      ledger.checkAgents(now, brokerEnded);
    }
    ledger.checkAgents(now, null);

    // Then
    assertThat(publish()).isEmpty();
  }

  @Test
  void afterAPauseOfThisProcessNobodyIsSilent() {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));
    agentBeats();

    // When it was stopped for a minute
    now = now.plusSeconds(60);
    ledger.checkAgents(now, now);

    // Then
    assertThat(publish()).isEmpty();
  }

  @Test
  void theTasksOfANodeThatIsDownAreNotReady() {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));

    // When
    ledger.nodes(Map.of("n", node(Node.State.DOWN)), Set.of("n"), ledger.now(), "c");

    // Then
    assertThat(publish()).containsExactly("node n", "task t RUNNING");
  }

  @ParameterizedTest
  @EnumSource(names = {"UNKNOWN", "DISCONNECTED"})
  void theTasksOfANodeThatANewLeaderHasNotHeardFromYetStayReady(Node.State state) {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));

    // When
    ledger.nodes(Map.of("n", node(state)), Set.of("n"), ledger.now(), "c");

    // Then
    assertThat(publish()).containsExactly("node n");
  }

  @Test
  void aReadingThatBeganBeforeARemovalDoesNotBringTheTaskBack() {
    // Given a full reading under way while the task is removed
    Task task = task("t", State.RUNNING, State.RUNNING, 5);
    synced(task);
    long began = ledger.now();
    ledger.tasks(Set.of("t"), Map.of(), ledger.now(), "c");
    assertThat(publish()).containsExactly("task t deleted");

    // When
    ledger.full(state(service(1), task), began, "resync");

    // Then
    assertThat(publish()).isEmpty();
  }

  @Test
  void anOlderReadingDoesNotReplaceANewerVersion() {
    // Given
    synced(task("t", State.RUNNING, State.REMOVE, 7));

    // When
    Task older = task("t", State.RUNNING, State.RUNNING, 6);
    ledger.tasksOf(Set.of("s"), Map.of("t", older), ledger.now(), "c");

    // Then
    assertThat(publish()).isEmpty();
  }

  @Test
  void theTasksOfARemovedServiceAreLeavingAtOnce() {
    // Given
    synced(task("t", State.RUNNING, State.RUNNING, 5));

    // When
    Set<String> left = ledger.serviceRemoved("s", "c");

    // Then
    assertThat(left).containsExactly("t");
    assertThat(publish()).containsExactly("service s deleted", "task t RUNNING leaving");
  }

  @Test
  void aServiceThatWasChangingBeforeAnyoneLookedIsFollowed() {
    // Given a cluster of which nothing is known yet
    ClusterState cluster = state(service(1), task("t", State.STARTING, State.RUNNING, 5));

    // When
    Set<String> changing = ledger.full(cluster, ledger.now(), "c");

    // Then
    assertThat(changing).containsExactly("s");
  }

  @Test
  void aFullReadingThatFindsNothingNewFollowsNothing() {
    // Given a service that has been waiting for a place all the time
    Task waiting = task("t", State.PENDING, State.RUNNING, 5);
    synced(waiting);

    // When
    Set<String> changing = ledger.full(state(service(1), waiting), ledger.now(), "c");

    // Then
    assertThat(changing).isEmpty();
  }

  @Test
  void aServiceIsSettledWhenItsTasksAreAsWanted() {
    // Given
    synced(task("t", State.STARTING, State.RUNNING, 5));
    assertThat(ledger.settled("s")).isFalse();

    // When
    Task running = task("t", State.RUNNING, State.RUNNING, 6);
    Set<String> progressed = ledger.tasksOf(Set.of("s"), Map.of("t", running), ledger.now(), "c");

    // Then
    assertThat(progressed).containsExactly("s");
    assertThat(ledger.settled("s")).isTrue();
  }

  // -- helpers

  private void synced(Task... tasks) {
    ledger.full(state(service(1), tasks), ledger.now(), "c");
    publish();
  }

  /** After a process that published this node, and a task on it that is not ready. */
  private static Ledger restarted(Node node, Instant agentsExpectedFrom) {
    Task task = task("t", State.RUNNING, State.RUNNING, 5);
    Ledger restarted =
        new Ledger(
            new Ledger.Published(
                Map.of("n", node), Map.of("s", service(1)), Map.of("t", task), Map.of()),
            agentsExpectedFrom);
    restarted.full(state(service(1), task), 1, "c");
    return restarted;
  }

  /** An agent that has been heard, and of which that is published. */
  private void agentBeats() {
    beat();
    publish();
  }

  private void beat() {
    ledger.observe(new Observation("n", Kind.BEAT, null, null, null, null, now), now, "o");
    ledger.checkAgents(now, now);
  }

  private void pass(Duration time) {
    for (long i = 0; i < time.toSeconds(); i++) {
      now = now.plusSeconds(1);
      ledger.checkAgents(now, now);
    }
  }

  private List<String> publish() {
    return publish(ledger);
  }

  private static List<String> publish(Ledger ledger) {
    List<String> changes = new ArrayList<>();
    ledger.changes(
        new ChangeSink() {
          @Override
          public void node(String key, Node before, Node after, String cause) {
            Boolean seen = after == null ? null : after.agentSeen();
            changes.add("node " + key + (seen == null ? "" : seen ? " heard" : " silent"));
          }

          @Override
          public void service(String key, Service before, Service after, String cause) {
            changes.add("service " + key + (after == null ? " deleted" : ""));
          }

          @Override
          public void task(String key, Task before, Task after, String cause) {
            changes.add(
                "task "
                    + key
                    + (after == null
                        ? " deleted"
                        : " "
                            + after.state()
                            + (after.leaving() ? " leaving" : "")
                            + (after.ready() ? " ready" : "")));
          }

          @Override
          public void network(String key, Network before, Network after, String cause) {
            changes.add("network " + key);
          }
        });
    ledger.confirm();
    return changes;
  }

  private static ClusterState state(Service service, Task... tasks) {
    Map<String, Task> all = new TreeMap<>();
    for (Task task : tasks) {
      all.put(task.id(), task);
    }
    return new ClusterState(
        Map.of("n", node(Node.State.READY)), Map.of("s", service), all, Map.of(), List.of());
  }

  private Observation seen(String node, Kind kind, Boolean healthcheck) {
    return new Observation(node, kind, "t", "c", kind == Kind.DIE ? 1 : null, healthcheck, now);
  }

  private static Task task(String id, State state, State desired, long version) {
    return new Task(
        id, "s", 1, "n", state, desired, false, "", "", null, "c", "image", List.of(), T0, T0,
        version);
  }

  private static Service service(int desired) {
    return new Service(
        "s",
        "web",
        null,
        Map.of(),
        Service.Mode.REPLICATED,
        desired,
        "image",
        List.of(),
        List.of(),
        true,
        false,
        Map.of(),
        null,
        T0,
        T0,
        1);
  }

  private static Node node(Node.State state) {
    return new Node(
        "n",
        "host",
        Node.Role.WORKER,
        Node.Availability.ACTIVE,
        state,
        "",
        false,
        null,
        "",
        "",
        "",
        0,
        0,
        Map.of(),
        null,
        1);
  }
}
