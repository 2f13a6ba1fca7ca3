package dev.skep.inventory.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Json;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineMappingTest {
  private static final String NODE = "qo2tmryv0rihvuns73yyp84ea";
  private static final String SERVICE = "ce0qstxmr66d0z4j2gg9niud0";
  private static final String NETWORK = "kub4c2r2nkcah0803r62m19kf";

  @Test
  void aNodeIsMappedWhole() {
    // Given
    JsonNode json = Recorded.array("nodes").path(0);

    // When
    Node node = EngineMapping.node(json);

    // Then
    assertThat(node)
        .isEqualTo(
            new Node(
                NODE,
                "manager-1",
                Node.Role.MANAGER,
                Node.Availability.ACTIVE,
                Node.State.READY,
                "127.0.0.1",
                true,
                Node.Reachability.REACHABLE,
                "20.10.24+dfsg1",
                "linux",
                "x86_64",
                2_000_000_000L,
                json.path("Description").path("Resources").path("MemoryBytes").asLong(),
                Map.of(),
                null,
                36));
  }

  @Test
  void aServiceIsMappedWholeAndItsEnvironmentMasked() {
    // Given
    JsonNode json = Recorded.array("services").path(0);

    // When
    Service service = EngineMapping.service(json);

    // Then
    assertThat(service)
        .isEqualTo(
            new Service(
                SERVICE,
                "inv-rec-web",
                "rec",
                Map.of("com.docker.stack.namespace", "rec", "traefik.enable", "true"),
                Service.Mode.REPLICATED,
                2,
                "haproxy:3.4",
                List.of(NETWORK),
                List.of(new Service.Port("tcp", 80, 18099, true)),
                true,
                true,
                Map.of("SECRET_TOKEN", "****", "EMPTY", "****"),
                null,
                Instant.parse("2026-11-21T02:58:18.48492246Z"),
                Instant.parse("2026-11-21T03:09:47.40978576Z"),
                40));
  }

  @Test
  void aRunningTaskIsReadyAndHasItsAddressWithoutPrefix() {
    // Given
    JsonNode json = Recorded.array("tasks").path(0);

    // When
    Task task = EngineMapping.task(json);

    // Then
    assertThat(task)
        .isEqualTo(
            new Task(
                "9wb2gag66xa2x9scygr7f41kq",
                SERVICE,
                1,
                NODE,
                Task.State.RUNNING,
                Task.State.RUNNING,
                true,
                "started",
                "",
                null,
                "73db634c68e6fa32386f6e461227b07e4895bd35dc8e4e0b96e3125e33e352be",
                "haproxy:3.4",
                List.of(new Task.Address(NETWORK, "10.0.2.3")),
                Instant.parse("2026-11-21T02:58:18.485973159Z"),
                Instant.parse("2026-11-21T02:58:20.452510968Z"),
                39));
  }

  @Test
  void aTaskWithoutAPlaceSaysWhyAndIsNotReady() {
    // Given
    JsonNode json = Recorded.array("tasks").path(1);

    // When
    Task task = EngineMapping.task(json);

    // Then
    assertThat(task.nodeId()).isNull();
    assertThat(task.ready()).isFalse();
    assertThat(task.state()).isEqualTo(Task.State.PENDING);
    assertThat(task.error()).startsWith("no suitable node");
    assertThat(task.addresses()).containsExactly(new Task.Address(NETWORK, "10.0.2.4"));
  }

  @Test
  void aRunningTaskThatIsToEndIsNotReady() {
    // Given
    ObjectNode json = Recorded.array("tasks").path(0).deepCopy();
    json.put("DesiredState", "shutdown");

    // When
    Task task = EngineMapping.task(json);

    // Then
    assertThat(task.ready()).isFalse();
    assertThat(task.leaving()).isTrue();
  }

  @Test
  void networksHaveTheirSubnetsAndKnowTheIngress() {
    // Given
    JsonNode json = Recorded.array("networks");

    // When
    Map<String, Network> networks = new Decoding(s -> {}).networks(json);

    // Then
    assertThat(networks.get(NETWORK))
        .isEqualTo(
            new Network(
                NETWORK,
                "inv-rec-net",
                "overlay",
                false,
                false,
                false,
                List.of("10.0.2.0/24"),
                Map.of()));
    assertThat(networks.values()).filteredOn(Network::ingress).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"Replicated\":{}} | REPLICATED | 0",
        "{\"Replicated\":{\"Replicas\":3}} | REPLICATED | 3",
        "{\"Global\":{}} | GLOBAL | 7",
        "{\"ReplicatedJob\":{\"MaxConcurrent\":2,\"TotalCompletions\":5}} | REPLICATED_JOB | 5",
        "{\"GlobalJob\":{}} | GLOBAL_JOB | 7"
      })
  void everyModeSaysHowManyTasksThereShouldBe(String mode, Service.Mode expected, int desired)
      throws JsonProcessingException {
    // Given a service of that mode of which the Engine wants seven tasks if it decides
    ObjectNode json = Recorded.array("services").path(0).deepCopy();
    json.withObject("/Spec").set("Mode", Json.mapper().readTree(mode));
    json.withObject("/ServiceStatus").put("DesiredTasks", 7);

    // When
    Service service = EngineMapping.service(json);

    // Then
    assertThat(service.mode()).isEqualTo(expected);
    assertThat(service.desired()).isEqualTo(desired);
  }

  @Test
  void nothingOfAnEnvironmentsValuesIsInAnyRecord() throws JsonProcessingException {
    // Given a snapshot that holds a secret in service, previous spec and tasks
    ObjectNode snapshot = Recorded.snapshot();
    assertThat(snapshot.toString()).contains("hunter2");

    // When
    ClusterState state = ClusterState.fromSnapshot(snapshot);

    // Then
    assertThat(Json.mapper().writeValueAsString(state)).doesNotContain("hunter2");
    assertThat(state.services().get(SERVICE).environment()).containsKey("SECRET_TOKEN");
  }

  @Test
  void anObjectThatCannotBeReadIsLeftOutWithAReasonAndTheOthersStay() {
    // Given
    ObjectNode snapshot = Recorded.snapshot();
    ArrayNode tasks = snapshot.withArray("/tasks");
    ObjectNode broken = tasks.path(0).deepCopy();
    broken.put("ID", "broken").put("CreatedAt", "yesterday");
    tasks.insert(0, broken);
    snapshot.withArray("/services").addObject().put("ID", "odd").withObject("/Spec/Mode/Quantum");
    snapshot.withArray("/nodes").addObject();

    // When
    ClusterState state = ClusterState.fromSnapshot(snapshot);

    // Then
    assertThat(state.tasks()).hasSize(2);
    assertThat(state.services()).containsOnlyKeys(SERVICE);
    assertThat(state.nodes()).containsOnlyKeys(NODE);
    assertThat(state.skipped())
        .containsExactly(
            new Skipped("node", "", "a node without ID"),
            new Skipped("service", "odd", "the mode of service odd is [Quantum]: not known"),
            new Skipped(
                "task", "broken", "CreatedAt of task broken is 'yesterday', which is no time"));
  }

  @Test
  void aTaskOnANodeThatIsDownIsNotReady() {
    // Given: tasks keep the state running when their node dies
    ObjectNode snapshot = Recorded.snapshot();
    snapshot.withObject("/nodes/0/Status").put("State", "down");

    // When
    ClusterState state = ClusterState.fromSnapshot(snapshot);

    // Then
    assertThat(state.tasks().values()).noneMatch(Task::ready);
    assertThat(ClusterState.fromSnapshot(Recorded.snapshot()).tasks().values())
        .anyMatch(Task::ready);
  }

  @Test
  void whatIsNoSnapshotIsRefused() {
    assertThatThrownBy(() -> EngineMapping.fromSnapshot(Recorded.array("tasks")))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("nodes, services, tasks and networks");
  }
}
