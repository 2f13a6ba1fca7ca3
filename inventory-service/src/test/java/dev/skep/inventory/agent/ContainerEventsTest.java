package dev.skep.inventory.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Json;
import dev.skep.model.cluster.Observation;
import dev.skep.model.cluster.Observation.Kind;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerEventsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T03:09:54.849867607Z");

  /** A container with a health check and HAProxy's stop signal. */
  private final ContainerEvents.Container container =
      new ContainerEvents.Container() {
        @Override
        public Boolean healthcheck(String containerId) {
          return true;
        }

        @Override
        public String stopSignal(String containerId) {
          return "SIGUSR1";
        }
      };

  @ParameterizedTest
  @CsvSource({
    "start, START",
    "health_status: healthy, HEALTHY",
    "health_status: unhealthy, UNHEALTHY",
    "oom, OOM"
  })
  void anEventOfATaskBecomesAnObservation(String action, Kind kind) {
    // Given
    ObjectNode event = event(action);

    // When
    Observation seen = ContainerEvents.observation(event, "n1", container).orElseThrow();

    // Then
    assertThat(seen)
        .isEqualTo(
            new Observation(
                "n1", kind, "t1", "c1", null, kind == Kind.START ? Boolean.TRUE : null, NOW));
  }

  @Test
  void aDeathHasItsExitCode() {
    // Given
    ObjectNode event = event("die");
    event.withObject("/Actor/Attributes").put("exitCode", "137");

    // When
    Observation seen = ContainerEvents.observation(event, "n1", container).orElseThrow();

    // Then
    assertThat(seen.kind()).isEqualTo(Kind.DIE);
    assertThat(seen.exitCode()).isEqualTo(137);
  }

  @ParameterizedTest
  @ValueSource(strings = {"15", "9", "SIGTERM", "TERM", "2", "3", "10", "SIGUSR1"})
  void aSignalThatEndsTheContainerIsAKill(String signal) {
    // Given
    ObjectNode event = event("kill");
    event.withObject("/Actor/Attributes").put("signal", signal);

    // When
    var seen = ContainerEvents.observation(event, "n1", container);

    // Then
    assertThat(seen).get().returns(Kind.KILL, Observation::kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "HUP", "12", "28"})
  void aSignalThatReloadsIsNone(String signal) {
    // Given
    ObjectNode event = event("kill");
    event.withObject("/Actor/Attributes").put("signal", signal);

    // When
    var seen = ContainerEvents.observation(event, "n1", container);

    // Then
    assertThat(seen).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "exec_start: /bin/sh -c true", "destroy", "health_status"})
  void otherEventsAreNone(String action) {
    // Given
    ObjectNode event = event(action);

    // When
    var seen = ContainerEvents.observation(event, "n1", container);

    // Then
    assertThat(seen).isEmpty();
  }

  @Test
  void aContainerThatIsNoTasksIsNone() {
    // Given
    ObjectNode event = event("start");
    event.withObject("/Actor/Attributes").remove(ContainerEvents.TASK_ID);

    // When
    var seen = ContainerEvents.observation(event, "n1", container);

    // Then
    assertThat(seen).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "running, Up 3 seconds, START",
    "running, Up 3 seconds (healthy), HEALTHY",
    "running, Up 3 seconds (unhealthy), UNHEALTHY",
    "running, Up 3 seconds (health: starting),",
    "exited, Exited (0) 2 seconds ago,"
  })
  void aListedContainerTellsHowItIs(String state, String status, Kind kind) {
    // Given
    ObjectNode listed = Json.mapper().createObjectNode().put("Id", "c1").put("State", state);
    listed.put("Status", status).withObject("/Labels").put(ContainerEvents.TASK_ID, "t1");

    // When
    var seen = ContainerEvents.observation(listed, "n1", NOW);

    // Then
    assertThat(seen.map(Observation::kind).orElse(null)).isEqualTo(kind);
  }

  private static ObjectNode event(String action) {
    ObjectNode event = Json.mapper().createObjectNode().put("Action", action);
    event.put("timeNano", 1_795_230_594_849_867_607L);
    event.withObject("/Actor").put("ID", "c1");
    event.withObject("/Actor/Attributes").put(ContainerEvents.TASK_ID, "t1");
    return event;
  }
}
