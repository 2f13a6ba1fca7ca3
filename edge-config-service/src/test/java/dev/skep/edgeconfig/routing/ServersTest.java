package dev.skep.edgeconfig.routing;

import static dev.skep.edgeconfig.Cluster.EDGE;
import static dev.skep.edgeconfig.Cluster.ready;
import static dev.skep.edgeconfig.Cluster.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.cluster.Task;
import dev.skep.model.cluster.Task.State;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Backend.Server;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServersTest {

  @Test
  void readyTasksServeSortedByIdByTheirAddressOnTheEdgeNetwork() {
    List<Task> tasks = List.of(ready("t2", "s", "10.9.0.2"), ready("t1", "s", "10.9.0.1"));
    List<Server> servers = Servers.of(tasks, EDGE, 8080, null);
    assertThat(servers)
        .containsExactly(
            new Server("t1", "10.9.0.1", 8080, Backend.State.READY),
            new Server("t2", "10.9.0.2", 8080, Backend.State.READY));
  }

  @ParameterizedTest(name = "{0}, wanted {1}, ready {2}, there before {3}: {4}")
  @CsvSource({
    "RUNNING,  RUNNING,  true,  false, READY",
    "RUNNING,  RUNNING,  true,  true,  READY",
    // its health check has not passed yet
    "RUNNING,  RUNNING,  false, false, NONE",
    // it has, and does not any more
    "RUNNING,  RUNNING,  false, true,  DRAIN",
    "STARTING, RUNNING,  false, false, NONE",
    // told to leave, not yet to stop
    "RUNNING,  SHUTDOWN, false, true,  DRAIN",
    "RUNNING,  REMOVE,   false, true,  DRAIN",
    "RUNNING,  SHUTDOWN, true,  true,  DRAIN",
    // after a restart of this service
    "RUNNING,  SHUTDOWN, false, false, DRAIN",
    "STARTING, SHUTDOWN, false, false, NONE",
    "SHUTDOWN, SHUTDOWN, false, true,  NONE",
    "COMPLETE, SHUTDOWN, false, true,  NONE",
    "FAILED,   RUNNING,  false, true,  NONE",
    "ORPHANED, RUNNING,  true,  true,  NONE",
  })
  void aServersStateFollowsItsTask(
      State state, State desired, boolean ready, boolean before, String expected) {
    Task task = task("t1", "s", state, desired, ready, "10.9.0.1");
    Backend previous =
        before
            ? new Backend(
                "b",
                "s",
                "http",
                true,
                List.of(new Server("t1", "10.9.0.1", 80, Backend.State.READY)))
            : null;
    List<Server> servers = Servers.of(List.of(task), EDGE, 80, previous);
    assertThat(servers.isEmpty() ? "NONE" : servers.getFirst().state().name()).isEqualTo(expected);
  }

  @Test
  void aTaskWithoutAnAddressOnTheEdgeNetworkDoesNotServe() {
    List<Server> servers = Servers.of(List.of(ready("t1", "s", null)), EDGE, 80, null);
    assertThat(servers).isEmpty();
  }
}
