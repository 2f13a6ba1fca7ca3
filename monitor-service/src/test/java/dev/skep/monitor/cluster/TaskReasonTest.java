package dev.skep.monitor.cluster;

import static dev.skep.monitor.Fixtures.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.cluster.Task;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskReasonTest {
  /** The texts are the Engine's own. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          task: non-zero exit (1)                                             | EXIT
          task: non-zero exit (137)                                           | EXIT
          task: non-zero exit (137): dockerexec: unhealthy container          | HEALTH
          task: non-zero exit (137): OOMKilled                                | OOM
          No such image: registry.example/web:9                               | IMAGE
          invalid mount config for type "bind": bind source path does not exist: /x | MOUNT
          host-mode port already in use on 1 node                             | PORT
          driver failed programming: Bind for 0.0.0.0:80 failed: port is already allocated | PORT
          assigned node no longer meets constraints                           | CONSTRAINTS
          starting container failed: the room is too small                    | OTHER
          ''                                                                  | OTHER
          """)
  void anEndHasAReasonOfTheSmallSet(String error, TaskReason expected) {
    Task ended = task("t", "s", "n", Task.State.FAILED, Task.State.SHUTDOWN, error.strip(), null);

    TaskReason reason = TaskReason.ofEnd(ended);

    assertThat(reason).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no suitable node (scheduling constraints not satisfied on 3 nodes) | CONSTRAINTS
          no suitable node (insufficient resources on 2 nodes)               | RESOURCES
          no suitable node (host-mode port already in use on 1 node)         | PORT
          no suitable node (1 node not available for new tasks)              | OTHER
          """)
  void aTaskWithoutAPlaceSaysWhy(String error, TaskReason expected) {
    Task pending =
        task("t", "s", null, Task.State.PENDING, Task.State.RUNNING, error.strip(), null);

    Optional<TaskReason> reason = TaskReason.ofUnplaceable(pending);

    assertThat(reason).contains(expected);
  }

  @Test
  void aTaskThatWaitsForTheSchedulersNextTurnIsNotUnplaceable() {
    Task pending = task("t", "s", null, Task.State.PENDING);

    Optional<TaskReason> reason = TaskReason.ofUnplaceable(pending);

    assertThat(reason).isEmpty();
  }
}
